using System.Collections;
using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Hosting;

/// <summary>
/// The hosts one runspace is connected to. It hangs on the runspace's own copy of the module (its private data), so runspaces
/// share nothing and it goes when the module is removed.
/// </summary>
internal sealed class Connections
{
    private const string Key = "XenDriverDomain.Connections";
    private readonly List<HostSession> _sessions = [];
    private readonly object _lock = new();
    private string? _defaultId;
    private string? _failedHost;

    /// <summary>The connections of the runspace in which a module is loaded.</summary>
    internal static Connections Of(PSModuleInfo? module)
    {
        if (module is null)
        {
            // A cmdlet type that runs without its module (a host that adds commands by itself) has no place to keep a connection.
            return new Connections();
        }

        if (module.PrivateData is not Hashtable data)
        {
            data = new Hashtable(StringComparer.OrdinalIgnoreCase);
            module.PrivateData = data;
        }

        lock (data.SyncRoot)
        {
            if (data[Key] is not Connections connections)
            {
                connections = new Connections();
                data[Key] = connections;
            }

            return connections;
        }
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

    /// <summary>The id of the default host; null when only the implicit local one is.</summary>
    internal string? DefaultId
    {
        get
        {
            lock (_lock)
            {
                return _defaultId;
            }
        }
    }

    internal void Add(HostSession session, bool makeDefault)
    {
        lock (_lock)
        {
            _sessions.Add(session);
            _failedHost = null;
            if (makeDefault || _defaultId is null)
            {
                _defaultId = session.Dom0.Id;
            }
        }
    }

    /// <summary>
    /// Remembers that a host could not be connected. A script that goes on after that meant the other host: until a connection
    /// succeeds, nothing falls back to this machine.
    /// </summary>
    internal void NoteFailure(string host)
    {
        lock (_lock)
        {
            if (_sessions.Count == 0)
            {
                _failedHost = host;
            }
        }
    }

    internal bool Remove(HostSession session)
    {
        lock (_lock)
        {
            bool removed = _sessions.Remove(session);
            if (removed && string.Equals(_defaultId, session.Dom0.Id, StringComparison.OrdinalIgnoreCase))
            {
                _defaultId = _sessions.Count > 0 ? _sessions[0].Dom0.Id : null;
            }

            return removed;
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

    internal HostSession? Find(string id)
    {
        lock (_lock)
        {
            return _sessions.Find(s => string.Equals(s.Dom0.Id, id, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The host that is meant when none is named: the default, or this machine.</summary>
    /// <exception cref="XenDriverDomainException">Dom0NotConnected: the connection that was meant failed.</exception>
    internal HostSession Default()
    {
        lock (_lock)
        {
            if (_defaultId is not null)
            {
                return _sessions.Find(s => string.Equals(s.Dom0.Id, _defaultId, StringComparison.OrdinalIgnoreCase))!;
            }

            if (_failedHost is not null)
            {
                throw new XenDriverDomainException(
                    ModuleErrorIds.Dom0NotConnected,
                    ErrorKind.Connection,
                    $"The connection to '{Terminal.Text.Show(_failedHost)}' failed, so there is no default host.",
                    $"Connect with Connect-XenDom0, or say -Dom0 {HostSession.LocalId} if this machine is meant.",
                    _failedHost);
            }

            HostSession local = HostSession.Local(TimeProvider.System);
            _sessions.Add(local);
            _defaultId = local.Dom0.Id;
            return local;
        }
    }

    /// <summary>The host with an id.</summary>
    /// <exception cref="XenDriverDomainException">Dom0NotConnected.</exception>
    internal HostSession Get(string id)
    {
        HostSession? found = Find(id);
        if (found is not null)
        {
            return found;
        }

        if (string.Equals(id, HostSession.LocalId, StringComparison.OrdinalIgnoreCase))
        {
            HostSession local = HostSession.Local(TimeProvider.System);
            lock (_lock)
            {
                _sessions.Add(local);
            }

            return local;
        }

        throw new XenDriverDomainException(
            ModuleErrorIds.Dom0NotConnected,
            ErrorKind.NotFound,
            $"'{Terminal.Text.Show(id)}' is no host that this session is connected to.",
            "See Get-XenDom0 for the connected hosts, or connect to it again with Connect-XenDom0.",
            id);
    }
}
