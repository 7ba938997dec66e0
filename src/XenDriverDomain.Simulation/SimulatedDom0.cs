using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Simulation.Machine.Tools;
using XenDriverDomain.Simulation.Programs;
using XenDriverDomain.Simulation.Programs.XenStoreTools;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.Toolstack.Commands;
using XenDriverDomain.Simulation.Toolstack.Libxl;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Simulation;

/// <summary>
/// A dom0 in memory: a machine with PCI functions and dom0's kernel, xenstored, xl, and domains that boot, serve and die, all on one
/// clock that skips what is waited for. It is reached by the same ports as a real one, and it behaves as one.
/// </summary>
public sealed partial class SimulatedDom0 : IAsyncDisposable
{
    private static readonly TimeSpan s_promptTimeout = TimeSpan.FromMinutes(10);

    private readonly ProgramTable _programs;
    private readonly SimulatedLock.State _lock;
    private readonly FaultInjector _faults;
    private readonly string _id;
    private HostDescription _host;

    private SimulatedDom0(SimulatedHostOptions options)
    {
        _id = options.Id;
        _faults = new FaultInjector(options.Faults);
        Time = new SimulatedTime();
        Store = new SimulatedXenStore(Time, _faults);
        _host = options.Host;
        Machine = Build(disk: null);
        _lock = new SimulatedLock.State(Machine.Files);
        _programs = new ProgramTable(Time, _faults) { HasCrashed = () => Machine.HasCrashed };
        World = Time.RunAsEvent(() => Boot(options.State));
        Install();

        // It goes on as soon as whoever made the host has nothing more to do.
        Time.Touch();
    }

    /// <summary>The clock of everything on the host.</summary>
    public SimulatedTime Time { get; }

    /// <summary>The machine, with dom0's files.</summary>
    internal SimulatedMachine Machine { get; private set; }

    /// <summary>xenstored.</summary>
    internal SimulatedXenStore Store { get; }

    /// <summary>What lives on it, which only the events of the clock touch.</summary>
    internal World World { get; private set; }

    /// <summary>Boots a host, and makes the guests that it is to have.</summary>
    /// <exception cref="XenDriverDomainException">MachineSetupFailed: they cannot be made.</exception>
    public static SimulatedDom0 Create(SimulatedHostOptions? options = null)
    {
        options ??= new SimulatedHostOptions();
        SimulatedDom0 host = new(options);
        try
        {
            host.SetUp(options);
        }
        catch
        {
            host.Time.Dispose();
            throw;
        }

        // Only now: what was made before its users came need not be waited for.
        host.Time.IsReal = options.IsRealTime;
        return host;
    }

    /// <summary>
    /// The ports, as a session takes them (<see cref="XenDriverDomain.Hosts.HostSession.Of"/>). Disposing them ends the connections; any
    /// number of them can be made.
    /// </summary>
    /// <param name="endsHost">True when the host ends with them, and not only the connections.</param>
    public Dom0 CreateDom0(bool endsHost = false)
    {
        SimulatedLock hostLock = new(_lock, endsHost ? this : null);
        return new Dom0(
            _id,
            Machine.Files,
            _programs,
            Store,
            async (dom0, cancellationToken) =>
                await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, cancellationToken).ConfigureAwait(false),
            Time,
            hostLock)
        {
            Lock = hostLock,
        };
    }

    /// <summary>Runs a program on the host.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="XenDriverDomainException">HostCommandNotFound, HostCommandTimedOut.</exception>
    public Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        _programs.RunAsync(new CommandRequest(program, arguments) { Timeout = s_promptTimeout }, CancellationToken.None).AsTask();

    /// <summary>
    /// Runs a command line, for people at a prompt. It is taken apart at blanks; single and double quotes keep blanks together, and
    /// nothing else has a meaning: there is no shell.
    /// </summary>
    /// <param name="commandLine">The program and its arguments.</param>
    /// <exception cref="XenDriverDomainException">SimulatedCommandMalformed, HostCommandNotFound, HostCommandTimedOut.</exception>
    public CommandResult Run(string commandLine) => Run([.. CommandLineWords.Split(commandLine)]);

    /// <summary>Runs a program with its arguments, for scripts.</summary>
    /// <param name="command">The program and its arguments, each as it is.</param>
    /// <exception cref="XenDriverDomainException">SimulatedCommandMalformed, HostCommandNotFound, HostCommandTimedOut.</exception>
    public CommandResult Run(string[] command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Length > 0
            ? Time.Block(() => RunAsync(command[0], command[1..]))
            : throw CommandLineWords.Malformed(string.Empty, "it names no program");
    }

    /// <summary>Writes a file of the host: a store to an attribute of sysfs, or an ordinary file, which need not exist.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="text">What is written.</param>
    /// <exception cref="HostFileException">The kernel refuses.</exception>
    public void WriteFile(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] data = Encoding.UTF8.GetBytes(text);
        Time.Block(async () =>
        {
            if (path.StartsWith("/sys/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
            {
                await Machine.Files.WriteOnceAsync(path, data, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await Machine.Files.ReplaceAsync(path, data, CancellationToken.None).ConfigureAwait(false);
            }

            return path;
        });
    }

    // What goes wrong goes wrong for its users; what is there from the start is there.
    private void SetUp(SimulatedHostOptions options)
    {
        if (options.Guests.Count > 0 || options.Assignable.Count > 0)
        {
            _faults.Sleeps = true;
            Time.Block(async () =>
            {
                await GuestSetup.RunAsync(this, options.Guests, options.Assignable).ConfigureAwait(false);
                return options;
            });
            _faults.Sleeps = false;
        }
    }

    private SimulatedMachine Build(SimulatedFiles? disk)
    {
        FaultPlan plan = _faults.Plan;
        SimulatedMachine machine = new(
            plan.HasNoIommu ? _host with { HasIommu = false } : _host, Time, _faults, !plan.HasNoPciback, disk);
        machine.Crashed += Store.Die;
        return machine;
    }

    private void Install() => _programs.Add(
    [
        .. ((ISimulatedProgram[])[new XlProgram(World), .. XenStorePrograms.Of(Store), .. MachinePrograms.Of(Machine)])
            .Where(program => !_host.Lacks(program.Path)),
    ]);

    private World Boot(HostState? state)
    {
        World world = new(Time, Store, Machine);
        if (state is not null)
        {
            Resumption.Resume(world, state);
        }
        else
        {
            Dom0Tree.Make(world);
        }

        foreach (StaleRecordFault stale in _faults.Plan.Faults.OfType<StaleRecordFault>())
        {
            world.StoreOf(0).Write($"{AssignablePci.RecordOf(stale.Address)}/domid", stale.Domid);
        }

        return world;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Time.Dispose();
        return ValueTask.CompletedTask;
    }
}
