using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Simulation;

namespace XenDriverDomain.Session;

/// <summary>
/// The hosts one runspace is connected to, and which of them is meant when none is named. It hangs on the runspace itself, so runspaces
/// share nothing. It does not hang on the module: a runspace can have several copies of that, since what a script's own module imports,
/// and what is imported after that, are others; a command means the same host in all of them.
/// </summary>
/// <remarks>
/// This machine is meant only as long as nobody has asked for another host. It is no connection: it is not among
/// <see cref="All"/>, and never the default. Once a host was asked for, nothing but a connection that is made changes what is meant.
/// </remarks>
internal sealed class Connections
{
    private const string Key = "XenDriverDomain.Connections";
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromSeconds(5);

    private readonly List<HostSession> _sessions = [];
    private readonly ConditionalWeakTable<HostSession, SimulatedDom0> _simulations = [];
    private readonly object _lock = new();
    private HostSession? _local;
    private string? _defaultId;
    private NoDefault? _noDefault;

    /// <summary>The connections of the runspace that this thread works for: that of a pipeline or of a completer.</summary>
    internal static Connections Here() => Runspace.DefaultRunspace is { } runspace ? Of(runspace) : new Connections();

    /// <summary>The connections of a runspace.</summary>
    internal static Connections Of(Runspace runspace)
    {
        // As a subscriber, hidden from Get-EventSubscriber, of an event that never comes: PowerShell has no other place for what is a
        // runspace's own. A property added to the runspace does as well, and has PowerShell reflect on the whole type first, for 7 ms.
        foreach (PSEventSubscriber subscriber in runspace.Events.GetEventSubscribers(Key))
        {
            if (subscriber.HandlerDelegate?.Target is Connections known)
            {
                return known;
            }
        }

        Connections connections = new();
        runspace.Events.SubscribeEvent(null, null, Key, null, connections.OnEvent, supportEvent: true, forwardEvent: false);
        runspace.StateChanged += connections.OnStateChanged;
        return connections;
    }

    /// <summary>All connected hosts, in the order they were connected.</summary>
    internal IReadOnlyList<HostSession> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _sessions];
            }
        }
    }

    /// <summary>Whether the session has a host that is meant when none is named: a default, or this machine.</summary>
    internal bool HasDefault
    {
        get
        {
            lock (_lock)
            {
                return _noDefault is null;
            }
        }
    }

    /// <summary>Whether a host is the one that is meant when none is named.</summary>
    internal bool IsDefault(string id)
    {
        lock (_lock)
        {
            return _noDefault is null && string.Equals(id, _defaultId ?? HostSession.LocalId, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Ends all connections, each within a few seconds.</summary>
    internal void EndAll()
    {
        foreach (HostSession session in Clear())
        {
            // Whatever becomes of one, the others are closed as well.
            _ = Task.WaitAny([Task.Run(async () => await session.DisposeAsync().ConfigureAwait(false))], s_endTimeout);
        }
    }

    private void OnEvent(object sender, PSEventArgs e)
    {
        // Only what it belongs to counts.
    }

    // Of a runspace nobody says that it ends but itself; so ends pwsh, too. While it is closing, what its pipelines have begun is still
    // being undone.
    private void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
        {
            EndAll();
        }
    }

    /// <summary>Keeps a connection.</summary>
    /// <param name="session">The host.</param>
    /// <param name="makeDefault">Whether it becomes the default even when another one is.</param>
    /// <param name="mayBecomeDefault">Whether it becomes the default when none is.</param>
    internal void Add(HostSession session, bool makeDefault, bool mayBecomeDefault)
    {
        lock (_lock)
        {
            _sessions.Add(session);
            if (makeDefault || (mayBecomeDefault && _defaultId is null))
            {
                MakeDefault(session);
            }
        }
    }

    /// <summary>Remembers which host is simulated for a session.</summary>
    internal void NoteSimulation(HostSession session, SimulatedDom0 host) => _simulations.AddOrUpdate(session, host);

    /// <summary>The host that is simulated for a session; null for a real one.</summary>
    internal SimulatedDom0? SimulationOf(HostSession session) => _simulations.TryGetValue(session, out SimulatedDom0? host) ? host : null;

    /// <summary>Makes a connected host the one that is meant when none is named.</summary>
    internal void MakeDefault(HostSession session)
    {
        lock (_lock)
        {
            _defaultId = session.Dom0.Id;
            _noDefault = null;
        }
    }

    /// <summary>
    /// Remembers that a host could not be connected. A script that goes on after that meant the other host: until a connection
    /// succeeds, no host is meant, neither this machine nor the one before.
    /// </summary>
    /// <param name="host">The host; null when it is not known which was meant.</param>
    /// <param name="failure">What happened, as the beginning of a sentence; null when a connection to the host failed.</param>
    internal void NoteFailure(string? host, string? failure = null)
    {
        lock (_lock)
        {
            _defaultId = null;
            _noDefault = new NoDefault(
                host,
                failure
                    ?? (host is null ? "Connect-XenDom0 did not succeed" : $"The connection to '{Terminal.Text.Show(host)}' failed"));
        }
    }

    /// <summary>Forgets a host, which is the caller's to dispose; with the default, no other one takes its place.</summary>
    internal bool Remove(HostSession session)
    {
        lock (_lock)
        {
            if (ReferenceEquals(session, _local))
            {
                _local = null;
                return true;
            }

            bool removed = _sessions.Remove(session);
            if (removed && string.Equals(_defaultId, session.Dom0.Id, StringComparison.OrdinalIgnoreCase))
            {
                string id = session.Dom0.Id;
                _defaultId = null;
                _noDefault = new NoDefault(id, $"The connection to '{Terminal.Text.Show(id)}', the default host, was ended");
            }

            return removed;
        }
    }

    /// <summary>
    /// Takes all that is open out, to be disposed. That other hosts were meant is remembered: a script that imports the module with -Force
    /// removes the one before, and means the same hosts.
    /// </summary>
    internal IReadOnlyList<HostSession> Clear()
    {
        lock (_lock)
        {
            if (_sessions.Count > 0)
            {
                _defaultId = null;
                _noDefault = new NoDefault(null, "The module was removed from this session, and its connections with it");
            }

            HostSession[] open = [.. _sessions, .. _local is null ? Array.Empty<HostSession>() : [_local]];
            _sessions.Clear();
            _local = null;
            return open;
        }
    }

    /// <summary>The id, or the id with a number when a connected host has it already.</summary>
    internal string NewId(string id)
    {
        string free = id;
        for (int number = 2; Find(free) is not null; number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{id}-{number}");
        }

        return free;
    }

    /// <summary>The connected host with an id.</summary>
    internal HostSession? Find(string id)
    {
        lock (_lock)
        {
            return _sessions.Find(s => string.Equals(s.Dom0.Id, id, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The connected host that is meant; null when none is.</summary>
    /// <param name="id">Its id; null for the default.</param>
    internal HostSession? FindMeant(string? id)
    {
        lock (_lock)
        {
            return (id ?? _defaultId) is { } meant ? Find(meant) : null;
        }
    }

    /// <summary>Whether this machine is meant.</summary>
    /// <param name="id">The id of the host; null when none is named.</param>
    internal bool IsLocalMeant(string? id)
    {
        lock (_lock)
        {
            return id is null
                ? _noDefault is null && _defaultId is null
                : string.Equals(id, HostSession.LocalId, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>The host that is meant when none is named: the default, or this machine when nobody has asked for another.</summary>
    /// <exception cref="XenDriverDomainException">Dom0NotConnected: another host was asked for, and there is no default now.</exception>
    internal HostSession Default()
    {
        lock (_lock)
        {
            if (_noDefault is { } none)
            {
                throw new XenDriverDomainException(
                    ModuleErrorIds.Dom0NotConnected,
                    ErrorKind.Connection,
                    _sessions.Count == 0
                        ? $"{none.Why}, so there is no default host."
                        : $"{none.Why}, so there is no default host; connected are {string.Join(", ", _sessions.Select(s => s.Dom0.Id))}.",
                    _sessions.Count == 0
                        ? $"Connect with Connect-XenDom0, or say -Dom0 {HostSession.LocalId} if this machine is meant."
                        : "Name the host with -Dom0, or choose a default: Connect-XenDom0 with the host's name.",
                    none.Host);
            }

            return _defaultId is null ? Local() : Find(_defaultId)!;
        }
    }

    /// <summary>The hosts that are meant, in the order they were named.</summary>
    /// <param name="names">Their ids, or patterns of them; null or none for the default host.</param>
    /// <exception cref="XenDriverDomainException">Dom0NotConnected.</exception>
    internal IReadOnlyList<HostSession> Meant(string[]? names) =>
        names is null || names.Length == 0 ? [Default()] : [.. names.SelectMany(Named).Distinct()];

    private IEnumerable<HostSession> Named(string id)
    {
        if (!NamePattern.HasWildcard(id) || Find(id) is not null)
        {
            return [Get(id)];
        }

        HostSession[] alike = [.. All.Where(host => NamePattern.Matches(id, host.Dom0.Id))];
        return alike.Length > 0 ? alike : [Get(id)];
    }

    /// <summary>The host with an id: a connected one, or this machine.</summary>
    /// <exception cref="XenDriverDomainException">Dom0NotConnected.</exception>
    internal HostSession Get(string id)
    {
        if (Find(id) is { } found)
        {
            return found;
        }

        if (IsLocalMeant(id))
        {
            return Local();
        }

        throw new XenDriverDomainException(
            ModuleErrorIds.Dom0NotConnected,
            ErrorKind.NotFound,
            $"'{Terminal.Text.Show(id)}' is no host that this session is connected to.",
            Terminal.NearNames.Hint(id, All.Select(session => session.Dom0.Id))
                + "See Get-XenDom0 for the connected hosts, or connect to it again with Connect-XenDom0.",
            id);
    }

    // Kept so that what it has opened serves the next command as well; nothing is opened before it is used.
    private HostSession Local()
    {
        lock (_lock)
        {
            return _local ??= HostSession.Local(TimeProvider.System);
        }
    }

    /// <summary>Why no host is meant.</summary>
    /// <param name="Host">The host that was; null when it is not known.</param>
    /// <param name="Why">What became of it, as the beginning of a sentence.</param>
    private sealed record NoDefault(string? Host, string Why);
}
