using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Simulation.Programs;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.Toolstack;
using XenDriverDomain.Simulation.Toolstack.Libxl;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation;

/// <summary>
/// A dom0 in memory: a machine with PCI functions and dom0's kernel, xenstored, xl, and domains that boot, serve and die, all on one
/// clock that skips what is waited for. It is reached by the same ports as a real one, and it behaves as one.
/// </summary>
public sealed class SimulatedDom0 : IAsyncDisposable
{
    private static readonly TimeSpan s_promptTimeout = TimeSpan.FromMinutes(10);

    private readonly ProgramTable _programs;
    private readonly string _id;

    private SimulatedDom0(SimulatedHostOptions options)
    {
        _id = options.Id;
        FaultInjector faults = new(options.Faults);
        Time = new SimulatedTime();
        Store = new SimulatedXenStore(Time, faults);
        Machine = new SimulatedMachine(
            options.Faults.HasNoIommu ? options.Host with { HasIommu = false } : options.Host, Time, faults, !options.Faults.HasNoPciback);
        _programs = new ProgramTable(Time, faults);
        World world = Boot(options.Faults);
        _programs.Add([new XlProgram(world), .. XenStorePrograms.Of(Store), .. Machine.Programs]);
    }

    /// <summary>The clock of everything on the host.</summary>
    public SimulatedTime Time { get; }

    /// <summary>The machine, with dom0's files.</summary>
    public SimulatedMachine Machine { get; }

    /// <summary>xenstored.</summary>
    public SimulatedXenStore Store { get; }

    /// <summary>Boots a host.</summary>
    public static SimulatedDom0 Create(SimulatedHostOptions? options = null) => new(options ?? new SimulatedHostOptions());

    /// <summary>
    /// The ports, as a session takes them (<see cref="XenDriverDomain.Hosts.HostSession.Of"/>). Disposing them ends the connections and leaves the
    /// host as it is; any number of them can be made.
    /// </summary>
    public Dom0 CreateDom0() => CreateDom0(async (dom0, cancellationToken) =>
        await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, cancellationToken).ConfigureAwait(false));

    /// <summary>The ports, with another way to open xenstore.</summary>
    /// <param name="openStore">Makes the xenstore client when it is first asked for.</param>
    public Dom0 CreateDom0(Func<Dom0, CancellationToken, ValueTask<IXenStoreClient>> openStore) =>
        new(_id, Machine.Files, _programs, Store, openStore, Time);

    /// <summary>Runs a program on the host.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="Errors.XenDriverDomainException">HostCommandNotFound, HostCommandTimedOut.</exception>
    public Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        _programs.RunAsync(new CommandRequest(program, arguments) { Timeout = s_promptTimeout }, CancellationToken.None).AsTask();

    /// <summary>
    /// Runs a command line, for people at a prompt. It is taken apart at blanks; single and double quotes keep blanks together, and
    /// nothing else has a meaning: there is no shell.
    /// </summary>
    /// <param name="commandLine">The program and its arguments.</param>
    /// <exception cref="Errors.XenDriverDomainException">SimulatedCommandMalformed, HostCommandNotFound, HostCommandTimedOut.</exception>
    public CommandResult Run(string commandLine)
    {
        IReadOnlyList<string> words = CommandLineWords.Split(commandLine);

        // On a thread of the pool: whoever waits here must not be one who has to come to an end for the wait to end.
        return Task.Run(() => RunAsync(words[0], [.. words.Skip(1)])).GetAwaiter().GetResult();
    }

    // In an event, as everything that touches the world.
    private World Boot(FaultPlan faults)
    {
        TaskCompletionSource<World> booted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Time.Schedule(TimeSpan.Zero, () =>
        {
            try
            {
                World world = new(Time, Store, Machine);
                Dom0Tree.Make(world);
                foreach (StaleRecordFault stale in faults.Faults.OfType<StaleRecordFault>())
                {
                    world.StoreOf(0).Write($"{AssignablePci.RecordOf(stale.Address)}/domid", stale.Domid);
                }

                booted.SetResult(world);
            }
            catch (Exception e)
            {
                booted.SetException(e);
            }
        });
        return booted.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Time.Dispose();
        return ValueTask.CompletedTask;
    }
}
