namespace XenDriverDomain.XenStore;

/// <summary>What a domain may do with a node (docs/misc/xenstore.txt, SET_PERMS).</summary>
[Flags]
public enum XenStoreAccess
{
    /// <summary>Nothing: <c>n</c>.</summary>
    None = 0,

    /// <summary>Read: <c>r</c>.</summary>
    Read = 1,

    /// <summary>Write: <c>w</c>.</summary>
    Write = 2,

    /// <summary>Both: <c>b</c>.</summary>
    ReadWrite = Read | Write,
}
