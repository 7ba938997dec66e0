using System.Globalization;

namespace XenDriverDomain.XenStore;

/// <summary>One entry of a node's permissions.</summary>
/// <param name="Access">What the domain may do.</param>
/// <param name="Domid">The domain.</param>
public readonly record struct XenStorePermission(XenStoreAccess Access, int Domid)
{
    /// <summary>The wire form: a letter (n, r, w, b) and the domid.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Access switch { XenStoreAccess.None => 'n', XenStoreAccess.Read => 'r', XenStoreAccess.Write => 'w', _ => 'b' }}{Domid}");
}

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
