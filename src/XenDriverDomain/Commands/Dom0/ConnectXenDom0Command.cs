using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Binding;
using XenDriverDomain.Checks;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Files;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pipeline;
using XenDriverDomain.Session;
using XenDriverDomain.Simulation;

namespace XenDriverDomain.Commands;

/// <summary>Connect-XenDom0: reaches a Xen host over SSH, with the system's OpenSSH client, or simulates one in this process.</summary>
[Cmdlet(VerbsCommunications.Connect, "XenDom0", DefaultParameterSetName = SshSet)]
[OutputType(typeof(HostFacts))]
public sealed partial class ConnectXenDom0Command : AsyncCmdlet
{
    private const string SshSet = "Ssh";
    private const string SimulatedSet = "Simulated";
    private const string SnapshotSet = "Snapshot";

    // What became of the hosts so far: one is connected, one could not be; and whether the one of now is, be it since before.
    private bool _isAnyReached;
    private bool _isAnyFailed;
    private bool _isReached;
    private Connections? _connections;

    /// <summary>The host's name or address, or an alias of the SSH configuration.</summary>
    [Parameter(ParameterSetName = SshSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ComputerName")]
    [PropertyOf("Dom0", "HostName")]
    [ArgumentCompleter(typeof(SshHostCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = [];

    /// <summary>
    /// The id of the host that an object of the pipeline is, or came from. Its HostName is what the host calls itself, which need not be a
    /// name by which it is reached, and is none of a simulated one.
    /// </summary>
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? Dom0 { get; set; }

    /// <summary>The port of its SSH server; left out, what the SSH configuration says.</summary>
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The user to be on it, usually root; left out, what the SSH configuration says.</summary>
    [Parameter(ParameterSetName = SshSet, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>A file with the private key.</summary>
    [Parameter(ParameterSetName = SshSet, ValueFromPipelineByPropertyName = true)]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>Further options of ssh_config(5), by name, as in New-PSSession.</summary>
    [Parameter(ParameterSetName = SshSet)]
    public Hashtable? Options { get; set; }

    /// <summary>How long the connection may take to be made, in seconds or as a TimeSpan.</summary>
    [Parameter(ParameterSetName = SshSet)]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Simulates a dom0 in this process, to learn and to try; nothing real is touched.</summary>
    [Parameter(ParameterSetName = SimulatedSet, Mandatory = true)]
    public SwitchParameter Simulated { get; set; }

    /// <summary>
    /// Which machine is simulated: the name of one that comes with the module, the path of a data file that describes one, or the table
    /// that stands in such a file.
    /// </summary>
    [Parameter(ParameterSetName = SimulatedSet)]
    [ArgumentCompleter(typeof(MachineCompleter))]
    [ValidateNotNullOrEmpty]
    public object Machine { get; set; } = SimulatedMachines.Default;

    /// <summary>A file that Save-XenDom0 wrote: that host is simulated.</summary>
    [Parameter(ParameterSetName = SnapshotSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Snapshot { get; set; }

    /// <summary>What goes wrong on the simulated host, as text.</summary>
    [Parameter(ParameterSetName = SimulatedSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SnapshotSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FaultCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Fault { get; set; } = [];

    /// <summary>Has the simulated host's clock run with the wall clock, instead of skipping what is waited for.</summary>
    [Parameter(ParameterSetName = SimulatedSet)]
    [Parameter(ParameterSetName = SnapshotSet)]
    public SwitchParameter RealTime { get; set; }

    /// <summary>Makes this host the default of the session even when another one is.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    // Looked for on the pipeline's thread, the only one that knows its runspace.
    private Connections Connections => _connections ??= Connections.Here();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case SshSet when RefusesInput():
                _isAnyFailed = true;
                Connections.NoteFailure(null);
                break;
            case SshSet:
                foreach (string host in Dom0 is null ? HostName : [Dom0])
                {
                    Try(host, () => Connect(host));
                }

                break;
            case SimulatedSet:
                string machine = SimulatedHosts.Show(Machine);
                Try(
                    machine,
                    () => Simulate(SimulatedHosts.OfMachine(Machine, ReadMachine, Fault)),
                    $"The machine '{Terminal.Text.Show(machine)}' could not be simulated");
                break;
            default:
                Try(Snapshot!, () => Simulate(SimulatedHosts.FromSnapshot(Resolve(Snapshot!), Fault)));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // PowerShell disposes a cmdlet whatever became of it. One that tried no host had an argument that did not bind, was stopped, or
        // had nothing piped into it; a script goes on after that as after any other failure.
        if (disposing && !_isAnyReached && !_isAnyFailed)
        {
            Connections.NoteFailure(HostName is [var first, ..] ? first : Snapshot);
        }

        base.Dispose(disposing);
    }

    // Whatever host was meant, a simulated one above all: when it is not there, nothing may fall back to this machine. That holds also
    // when -ErrorAction Stop or Ctrl+C ends the cmdlet here; but not when only the facts had no taker, as with Select-Object -First 1.
    private void Try(string host, Action connect, string? failure = null)
    {
        _isReached = false;
        try
        {
            TryFor(host, connect);
        }
        finally
        {
            _isAnyReached |= _isReached;
            _isAnyFailed |= !_isReached;
            if (!_isReached)
            {
                Connections.NoteFailure(host, failure);
            }
        }
    }

    // Who gives a host that was connected means that connection, which is there, and no machine that happens to be called as it is.
    private void Connect(string host)
    {
        bool isObject = Dom0 is not null;
        if (Connections.Find(host) is { } there && (isObject || Connections.SimulationOf(there) is not null)
            && Wait((_, token) => IsAliveAsync(there, token)))
        {
            HostFacts facts = Wait((_, token) => ChooseAgainAsync(Connections, there, token));
            WriteObject(Connections.SimulationOf(there) is { } simulation ? SimulatedHosts.WithSimulation(facts, simulation) : facts);
            return;
        }

        Match id = isObject ? SshId().Match(host) : Match.Empty;
        if (isObject && !id.Success)
        {
            throw NotAgain(host);
        }

        if (id.Success)
        {
            ConnectBySsh(
                id.Groups["host"].Value, int.Parse(id.Groups["port"].Value, CultureInfo.InvariantCulture), id.Groups["user"].Value);
        }
        else
        {
            ConnectBySsh(host, null, null);
        }
    }

    private void ConnectBySsh(string host, int? port, string? user)
    {
        SshOptions options = new()
        {
            HostName = host,
            Port = Port == 0 ? port : Port,
            UserName = UserName ?? user,
            KeyFilePath = KeyFile(),
            Options = OptionsByName(),
            ConnectTimeout = Timeout,
        };
        WriteObject(Add(host, token => HostSession.ConnectAsync(options, TimeProvider.System, token)));
    }

    private void Simulate(SimulatedHostOptions options)
    {
        string id = Connections.NewId(options.Id);
        SimulatedDom0 host = SimulatedDom0.Create(options with { Id = id, IsRealTime = RealTime });
        HostSession session = HostSession.Of(host.CreateDom0(endsHost: true));
        Connections.NoteSimulation(session, host);

        // The handle on the host itself: programs on it, its clock, what befalls it. No cmdlet needs it.
        WriteObject(SimulatedHosts.WithSimulation(Add(id, _ => Task.FromResult(session)), host));
    }

    private IDictionary ReadMachine(string path)
    {
        string file = Path.IsPathFullyQualified(path) ? path : InputFile.Resolve(SessionState.Path, path, isLiteral: true)[0];
        byte[] content = Wait((_, token) => InputFile.ReadAsync(file, DataFile.MaxBytes, token));
        return DataFile.Read(Encoding.UTF8.GetString(content).TrimStart('\ufeff'), path);
    }

    private HostFacts Add(string host, Func<CancellationToken, Task<HostSession>> openAsync)
    {
        Connections connections = Connections;
        return Wait((reporter, token) => AddAsync(connections, host, openAsync, reporter, token));
    }

    private async Task<HostFacts> AddAsync(
        Connections connections,
        string host,
        Func<CancellationToken, Task<HostSession>> openAsync,
        PipelineReporter reporter,
        CancellationToken token)
    {
        reporter.Verbose($"Connecting to {host}");
        bool wasDefault = false;
        HostSession session = await openAsync(token).ConfigureAwait(false);
        bool isKept = false;
        try
        {
            if (connections.Find(session.Dom0.Id) is { } earlier)
            {
                if (await IsAliveAsync(earlier, token).ConfigureAwait(false))
                {
                    return await ChooseAsync(connections, earlier, token).ConfigureAwait(false);
                }

                reporter.Verbose($"The earlier connection to {session.Dom0.Id} was lost; this one takes its place");
                wasDefault = connections.IsDefault(earlier.Dom0.Id);
                connections.Remove(earlier);
                await earlier.DisposeAsync().ConfigureAwait(false);
            }

            HostFacts seen = await session.Inspector.InspectAsync(token).ConfigureAwait(false);

            // After a host of the same command that could not be reached, another one is not what was meant.
            connections.Add(session, makeDefault: (Default || wasDefault) && !_isAnyFailed, mayBecomeDefault: !_isAnyFailed);
            isKept = _isReached = true;
            return seen with { IsDefault = connections.IsDefault(session.Dom0.Id) };
        }
        finally
        {
            if (!isKept)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // To connect to a host again is how it is chosen as the default, when that is asked for, or when there is none.
    private async Task<HostFacts> ChooseAsync(Connections connections, HostSession connected, CancellationToken cancellationToken)
    {
        _isReached = true;
        if (_isAnyFailed || (!Default && connections.HasDefault))
        {
            throw AlreadyConnected(connected.Dom0.Id);
        }

        HostFacts seen = await connected.Inspector.InspectAsync(cancellationToken).ConfigureAwait(false);
        connections.MakeDefault(connected);
        return seen with { IsDefault = true };
    }

    // The same for an object: it is what it is already, and is no second connection that could be refused.
    private async Task<HostFacts> ChooseAgainAsync(Connections connections, HostSession connected, CancellationToken cancellationToken)
    {
        HostFacts seen = await connected.Inspector.InspectAsync(cancellationToken).ConfigureAwait(false);
        _isReached = true;
        if (!_isAnyFailed && (Default || !connections.HasDefault))
        {
            connections.MakeDefault(connected);
        }

        return seen with { IsDefault = connections.IsDefault(connected.Dom0.Id) };
    }

    private static async Task<bool> IsAliveAsync(HostSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.Dom0.Files.GetKindAsync("/proc", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (XenDriverDomainException)
        {
            return false;
        }
    }

    private static XenDriverDomainException AlreadyConnected(string id) => new(
        ModuleErrorIds.Dom0AlreadyConnected,
        ErrorKind.AlreadyExists,
        $"This session is connected to {id} already.",
        "Use it, see Get-XenDom0; make it the default with -Default; or end that connection first with Disconnect-XenDom0.",
        id);

    private static XenDriverDomainException NotAgain(string id) => id == HostSession.LocalId
        ? new XenDriverDomainException(
            ModuleErrorIds.Dom0NotConnected,
            ErrorKind.InvalidArgument,
            $"{id} is this machine, to which nobody has to connect.",
            $"Say -Dom0 {id} where it is meant; connect to another host by its name.",
            id)
        : new XenDriverDomainException(
            ModuleErrorIds.Dom0NotConnected,
            ErrorKind.NotFound,
            $"The connection to '{Terminal.Text.Show(id)}' has ended, and its id is no name by which a host is reached.",
            "Connect by the host's name, as the first time; a simulated host ended with its connection: Connect-XenDom0 -Simulated.",
            id);

    [GeneratedRegex("^(?<user>[^@]+)@\\[?(?<host>[^@\\[\\]]+)\\]?:(?<port>[0-9]{1,5})$", RegexOptions.ExplicitCapture)]
    private static partial Regex SshId();

    private string? KeyFile()
    {
        if (KeyFilePath is null)
        {
            return null;
        }

        string path = Resolve(KeyFilePath);
        return File.Exists(path)
            ? path
            : throw new XenDriverDomainException(
                ModuleErrorIds.KeyFileNotFound,
                ErrorKind.NotFound,
                $"The key file '{Terminal.Text.Show(path)}' does not exist.",
                "Give the path of the private key, not of the .pub file, on this machine.",
                KeyFilePath);
    }

    private string Resolve(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    private Dictionary<string, string> OptionsByName()
    {
        Dictionary<string, string> result = new(StringComparer.OrdinalIgnoreCase);
        if (Options is not null)
        {
            foreach (DictionaryEntry entry in Options)
            {
                result[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty] =
                    Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? string.Empty;
            }
        }

        return result;
    }
}
