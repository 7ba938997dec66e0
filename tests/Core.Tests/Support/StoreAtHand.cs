using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Tests.Support;

/// <summary>A simulated xenstored as tests want it at hand: they play dom0's other clients with it.</summary>
internal sealed class StoreAtHand(SimulatedXenStore server)
{
    /// <summary>A store of its own, with nothing but dom0's home.</summary>
    public StoreAtHand()
        : this(new SimulatedXenStore(new SimulatedTime(), new NoFaults()))
    {
        this["/local/domain/0"] = string.Empty;
    }

    /// <summary>xenstored.</summary>
    public SimulatedXenStore Server { get; } = server;

    /// <summary>A node's text (null when it is missing); setting it is another client's write, null its removal.</summary>
    public string? this[string path]
    {
        get => Server.Read(0, path);
        set
        {
            if (value is null)
            {
                Server.Remove(0, path);
            }
            else
            {
                Server.Write(0, path, value);
            }
        }
    }

    /// <summary>Lets a domain run, as far as xenstore tells.</summary>
    /// <param name="domid">Its number.</param>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="type">Its type; null where libxl's record of it is missing.</param>
    /// <param name="uuid">Its handle.</param>
    /// <param name="introduced">False for what is left of one that is gone.</param>
    public StoreAtHand Domain(int domid, string? name, string? type = "pv", string? uuid = null, bool introduced = true)
    {
        if (introduced)
        {
            Server.Introduce(domid);
        }

        this[$"/local/domain/{domid}"] = string.Empty;
        this[$"/local/domain/{domid}/name"] = name;
        this[$"/libxl/{domid}/type"] = type;
        this[$"/local/domain/{domid}/vm"] = uuid is null ? null : $"/vm/{uuid}";
        return this;
    }

    /// <summary>Another client's write.</summary>
    public StoreAtHand Node(string path, string value)
    {
        this[path] = value;
        return this;
    }

    /// <summary>Another client's removal.</summary>
    public void Remove(string path) => Server.Remove(0, path);

    /// <summary>All nodes at a path and below it, for comparing before and after.</summary>
    public IReadOnlyDictionary<string, string> Dump(string under = "/")
    {
        SortedDictionary<string, string> nodes = new(StringComparer.Ordinal);
        Add(under);
        return nodes;

        void Add(string path)
        {
            if (this[path] is not { } value)
            {
                return;
            }

            nodes[path] = value;
            foreach (string child in Server.List(0, path) ?? [])
            {
                Add(path == "/" ? $"/{child}" : $"{path}/{child}");
            }
        }
    }

    /// <summary>A connection of dom0's, or of another domain.</summary>
    public async ValueTask<IXenStoreClient> ConnectAsync(int domid = 0) =>
        await XenStoreClient.ConnectAsync(Server.TransportOf(domid), TimeProvider.System, null, default);
}
