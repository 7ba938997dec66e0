namespace XenDriverDomain.Xm.Values;

/// <summary>xm_vars: the variables that a file wants from the command line (tools/python/xen/xm/help.py).</summary>
internal sealed class PyXmVars
{
    /// <summary>Name, usage and check function, in the order of the file.</summary>
    public List<(string Name, object Use, object Check)> Wanted { get; } = [];
}
