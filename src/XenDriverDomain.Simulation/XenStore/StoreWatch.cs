namespace XenDriverDomain.Simulation.XenStore;

/// <summary>A watch, of a connection or of a part of the simulated host. The store's lock guards it.</summary>
/// <param name="domain">In whose name; what it may not read it is not told of.</param>
/// <param name="path">The absolute path, or the special name, that is watched.</param>
/// <param name="prefix">What is cut off the paths of events, because the watch was set by a relative path; empty for nothing.</param>
/// <param name="deliver">Takes the path of an event, under the store's lock.</param>
internal sealed class StoreWatch(StoreDomain domain, string path, string prefix, Action<string> deliver)
{
    /// <summary>In whose name.</summary>
    public StoreDomain Domain => domain;

    /// <summary>What is watched.</summary>
    public string Path => path;

    /// <summary>Grows with each watch that is set.</summary>
    public long Sequence { get; set; }

    /// <summary>Tells of a change.</summary>
    public void Fire(string changed) => deliver(prefix.Length == 0 ? changed : changed[prefix.Length..].TrimStart('/'));
}
