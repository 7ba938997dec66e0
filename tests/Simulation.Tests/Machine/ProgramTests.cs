using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>The small programs, with the words and exit codes of coreutils, grep and kmod.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TestMachine _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("cat: /none: No such file or directory\n", 1, "cat", "/none")]
    [InlineData("cat: /sys/bus/pci/drivers/pciback/bind: Permission denied\n", 1, "cat", "/sys/bus/pci/drivers/pciback/bind")]
    [InlineData("cat: /root: Is a directory\n", 1, "cat", "/root")]
    [InlineData("ls: cannot access '/none': No such file or directory\n", 2, "ls", "/none")]
    [InlineData("rm: cannot remove '/none': No such file or directory\n", 1, "rm", "/none")]
    [InlineData("rm: cannot remove '/etc/xen': Is a directory\n", 1, "rm", "/etc/xen")]
    [InlineData("rm: cannot remove '/proc/cmdline': Operation not permitted\n", 1, "rm", "-f", "/proc/cmdline")]
    [InlineData("mkdir: cannot create directory '/root': File exists\n", 1, "mkdir", "/root")]
    [InlineData("mkdir: cannot create directory '/a/b': No such file or directory\n", 1, "mkdir", "/a/b")]
    [InlineData("mkdir: cannot create directory '/sys/a': Operation not permitted\n", 1, "mkdir", "/sys/a")]
    [InlineData("", 1, "readlink", "/root")]
    [InlineData("", 1, "grep", "-F", "nothing", "/proc/cmdline")]
    [InlineData("grep: /none: No such file or directory\n", 2, "grep", "x", "/none")]
    [InlineData("modprobe: FATAL: Module nothing not found in directory /lib/modules/6.1.0-56-amd64\n", 1, "modprobe", "nothing")]
    [InlineData("rmmod: ERROR: Module vfio_pci is not currently loaded\n", 1, "rmmod", "vfio-pci")]
    public async Task A_failure_has_the_words_and_the_code_of_the_real_one(
        string complaint, int code, string program, params string[] arguments) =>
        Assert.Equal(new CommandResult(code, "", complaint), await _host.RunAsync(program, arguments));

    [Theory]
    [InlineData("../../../bus/pci/drivers/e1000\n", "readlink", "/sys/bus/pci/devices/0000:00:11.0/driver")]
    [InlineData("/sys/bus/pci/drivers/e1000\n", "readlink", "-f", "/sys/bus/pci/devices/0000:00:11.0/driver")]
    [InlineData("'/sys/class/net/lo' -> '../../devices/virtual/net/lo'\n", "stat", "-c", "%N", "/sys/class/net/lo")]
    [InlineData("regular file 200\n", "stat", "-c", "%F %a", "/sys/bus/pci/drivers/pciback/new_slot")]
    [InlineData("input0\ninput3\n", "ls", "/sys/class/input")]
    [InlineData("/sys/class/input\n", "ls", "-d", "/sys/class/input")]
    [InlineData("/sys/class/input:\ninput0\ninput3\n", "ls", "-R", "/sys/class/input")]
    [InlineData("memory = 320\n", "grep", "-h", "-F", "-e", "memory", "/root/client.cfg")]
    [InlineData("1\n", "grep", "-c", "^vcpus", "/root/client.cfg")]
    [InlineData("control_d\n", "cat", "/proc/xen/capabilities")]
    public async Task An_answer_is_that_of_the_real_one(string answer, string program, params string[] arguments) =>
        Assert.Equal(new CommandResult(0, answer, ""), await _host.RunAsync(program, arguments));

    [Fact]
    public async Task Listing_deeply_names_each_directory()
    {
        await _host.RunAsync("mkdir", "-p", "/tmp/a/b");
        _host.Machine.Files.Put("/tmp/a/file", "");

        CommandResult result = await _host.RunAsync("ls", "-R", "/tmp");

        Assert.Equal("/tmp:\na\n\n/tmp/a:\nb\nfile\n\n/tmp/a/b:\n", result.StandardOutput);
    }

    [Fact]
    public async Task Tee_writes_a_file_or_stores_to_an_attribute()
    {
        CommandRequest Tee(string path, string text) => new("tee", [path]) { StandardInput = Encoding.UTF8.GetBytes(text) };

        Assert.Equal(new CommandResult(0, "text\n", ""), await _host.RunAsync(Tee("/root/new", "text\n"), default));
        Assert.Equal("text\n", _host.Machine.Files.Text("/root/new"));
        Assert.Equal(
            new CommandResult(1, "0000:0a:00.0\n", "tee: /sys/bus/pci/drivers/e1000/unbind: No such device\n"),
            await _host.RunAsync(Tee("/sys/bus/pci/drivers/e1000/unbind", "0000:0a:00.0\n"), default));
        Assert.Equal(0, (await _host.RunAsync(Tee("/sys/bus/pci/drivers/e1000/unbind", "0000:00:11.0\n"), default)).ExitCode);
        Assert.Null(_host.DriverOf("0000:00:11.0"));
    }

    [Fact]
    public async Task Files_and_trees_are_removed()
    {
        await _host.RunAsync("mkdir", "-p", "/tmp/a/b");

        Assert.Equal(0, (await _host.RunAsync("rm", "-r", "/tmp/a")).ExitCode);
        Assert.Equal(0, (await _host.RunAsync("rm", "-f", "/tmp/a", "/root/client.cfg")).ExitCode);
        Assert.False(_host.Machine.Files.Exists("/tmp/a"));
        Assert.False(_host.Machine.Files.Exists("/root/client.cfg"));
    }

    [Fact]
    public async Task An_option_that_is_not_there_is_refused_and_never_passed_over()
    {
        CommandResult result = await _host.RunAsync("rm", "-i", "/root/client.cfg");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("-i", result.StandardError, StringComparison.Ordinal);
        Assert.True(_host.Machine.Files.Exists("/root/client.cfg"));
    }

    [Fact]
    public async Task Modules_are_loaded_and_unloaded_with_their_drivers()
    {
        Assert.Equal(0, (await _host.RunAsync("modprobe", "-a", "vfio-pci", "loop")).ExitCode);
        Assert.True(_host.Machine.Files.Exists("/sys/bus/pci/drivers/vfio-pci/bind"));
        Assert.Contains("loop ", await _host.ReadAsync("/proc/modules"), StringComparison.Ordinal);

        Assert.Equal(0, (await _host.RunAsync("modprobe", "-r", "e1000")).ExitCode);
        Assert.Null(_host.DriverOf("0000:00:11.0"));
        Assert.False(_host.Machine.Files.Exists("/sys/bus/pci/drivers/e1000"));
        Assert.Equal(0, (await _host.RunAsync("modprobe", "e1000")).ExitCode);
        Assert.Equal("e1000", _host.DriverOf("0000:00:11.0"));
    }

    [Fact]
    public async Task The_kernel_tells_what_pciback_did()
    {
        using TestMachine host = new(DefaultHost.Create());
        await host.SeizeAsync("0000:06:01.0");

        Assert.Contains(
            "pciback 0000:06:01.0: xen_pciback: seizing device\n", (await host.RunAsync("dmesg")).StandardOutput, StringComparison.Ordinal);
    }
}
