namespace XenDriverDomain.Xm.Values;

/// <summary>xm_vars: the variables that a file wants from the command line (tools/python/xen/xm/help.py).</summary>
internal sealed class PyXmVars
{
    /// <summary>Name, usage and check function, in the order of the file.</summary>
    public List<(string Name, object Use, object Check)> Wanted { get; } = [];
}

/// <summary>A module, or what of it is safe.</summary>
/// <param name="Name">As it is imported.</param>
/// <param name="Members">What it offers; anything else of it is refused by name.</param>
internal sealed record PyModule(string Name, IReadOnlyDictionary<string, object> Members);

/// <summary>sys.stdout or sys.stderr: what is written becomes a message.</summary>
/// <param name="Name">Which one.</param>
internal sealed record PyStream(string Name);
