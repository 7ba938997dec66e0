using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Tests.Machine;

namespace XenDriverDomain.Simulation.Tests.Files;

/// <summary>What sysfs and procfs do otherwise than a disk, and how faults strike.</summary>
public sealed class KernelFilesTests
{
    [Fact]
    public async Task Only_the_kernel_makes_and_removes_names_in_its_own_trees()
    {
        using TestMachine host = new();
        SimulatedFiles files = host.Machine.Files;

        Assert.Equal(Errno.EACCES, await ErrnoOf(() => files.ReplaceAsync("/sys/bus/pci/new", new byte[1], default)));
        Assert.Equal(Errno.EACCES, await ErrnoOf(() => files.ReplaceAsync("/proc/cmdline", new byte[1], default)));
        Assert.Equal(Errno.EPERM, await ErrnoOf(() => files.DeleteAsync("/sys/bus/pci/rescan", default)));
        Assert.Equal(Errno.EPERM, await ErrnoOf(() => files.CreateDirectoryAsync("/sys/bus/pci/new", default)));
    }

    [Fact]
    public async Task A_fault_strikes_a_write_by_its_real_path_once_and_before_anything_is_done()
    {
        StrikeOnce fault = new("/sys/bus/pci/drivers/e1000/unbind", Errno.EBUSY);
        using TestMachine host = new(faults: fault);

        Assert.Equal(Errno.EBUSY, await host.StoreAsync("/sys/bus/pci/devices/0000:00:11.0/driver/unbind", "0000:00:11.0"));
        Assert.Equal("e1000", host.DriverOf("0000:00:11.0"));
        Assert.Null(await host.StoreAsync("/sys/bus/pci/devices/0000:00:11.0/driver/unbind", "0000:00:11.0"));
        Assert.Null(host.DriverOf("0000:00:11.0"));
        Assert.Equal(["/sys/bus/pci/drivers/e1000/unbind", "/sys/bus/pci/drivers/e1000/unbind"], fault.Asked);
    }

    [Fact]
    public async Task The_error_has_the_words_of_the_real_host()
    {
        using TestMachine host = new();

        var error = await Assert.ThrowsAsync<HostFileException>(
            async () => await host.Machine.Files.WriteOnceAsync("/sys/bus/pci/drivers/e1000/unbind", "x"u8.ToArray(), default));

        Assert.Equal("Cannot write /sys/bus/pci/drivers/e1000/unbind on dom0: No such device (ENODEV).", error.Message);
    }

    private static async Task<Errno> ErrnoOf(Func<ValueTask> action) =>
        (await Assert.ThrowsAsync<HostFileException>(async () => await action())).Errno;

    private sealed class StrikeOnce(string struck, Errno errno) : IFaults
    {
        public List<string> Asked { get; } = [];

        public Errno? OnWrite(string path)
        {
            Asked.Add(path);
            return path == struck && Asked.Count == 1 ? errno : null;
        }

        public ProgramFault? OnRun(string program, IReadOnlyList<string> arguments) => null;

        public bool OnStoreRequest() => false;
    }
}
