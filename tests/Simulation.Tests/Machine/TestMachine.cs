using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Simulation.Machine.Tools;
using XenDriverDomain.Simulation.Programs;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>A machine of its own for one test, with short ways to use it as a shell would.</summary>
internal sealed class TestMachine : IDom0Commands, IDisposable
{
    public const string Pciback = "/sys/bus/pci/drivers/pciback";

    public TestMachine(HostDescription? host = null, bool loadPciback = true, IFaults? faults = null) =>
        Machine = new SimulatedMachine(host ?? LabHost.Create(), Time, faults ?? new NoFaults(), loadPciback);

    public SimulatedTime Time { get; } = new();

    public SimulatedMachine Machine { get; }

    public void Dispose() => Time.Dispose();

    /// <summary>The errno of a store; null when it succeeded.</summary>
    public async Task<Errno?> StoreAsync(string path, string text)
    {
        try
        {
            await Machine.Files.WriteOnceAsync(path, Encoding.Latin1.GetBytes(text), default);
            return null;
        }
        catch (HostFileException e)
        {
            return e.Errno;
        }
    }

    public async Task<string> ReadAsync(string path) => Encoding.UTF8.GetString(await Machine.Files.ReadAsync(path, 100_000, default));

    /// <summary>The errno of a read that must fail.</summary>
    public async Task<Errno> ErrnoOfReadAsync(string path) =>
        (await Assert.ThrowsAsync<HostFileException>(async () => await Machine.Files.ReadAsync(path, 100_000, default))).Errno;

    /// <summary>The driver that sysfs shows.</summary>
    public string? DriverOf(string address) =>
        Machine.Files.TargetOf($"/sys/bus/pci/devices/{address}/driver") is { } link ? link[(link.LastIndexOf('/') + 1)..] : null;

    /// <summary>Moves a function to pciback, as libxl does.</summary>
    public async Task SeizeAsync(string address)
    {
        Assert.Null(await StoreAsync($"/sys/bus/pci/devices/{address}/driver/unbind", address));
        Assert.Null(await StoreAsync(Pciback + "/new_slot", address));
        Assert.Null(await StoreAsync(Pciback + "/bind", address));
    }

    public async Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        await RunAsync(new CommandRequest(program, arguments), default);

    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        ISimulatedProgram program = MachinePrograms.Of(Machine)
            .FirstOrDefault(one => one.Path.EndsWith("/" + request.Program, StringComparison.Ordinal))
            ?? throw CommandErrors.NotFound(request.Program);
        ProgramRun run = new(request, Time);
        try
        {
            return await program.RunAsync(run, cancellationToken);
        }
        finally
        {
            run.End();
        }
    }
}
