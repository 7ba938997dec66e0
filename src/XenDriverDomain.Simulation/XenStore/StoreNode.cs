using System.Collections.Immutable;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>A node as it is at one time; it never changes, another one takes its place.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Children">The names of its children, in the order of their creation.</param>
/// <param name="Permissions">At least one; the first names the owner, and what everybody else may do.</param>
/// <param name="Generation">A number that no other version of any node has.</param>
internal sealed record StoreNode(
    ReadOnlyMemory<byte> Value, ImmutableList<string> Children, ImmutableArray<XenStorePermission> Permissions, ulong Generation)
{
    // struct xs_tdb_record_hdr and struct xs_permissions, which the quota counts, too.
    private const int HeaderSize = 24;
    private const int PermissionSize = 8;

    /// <summary>The domain that owns it.</summary>
    public int Owner => Permissions[0].Domid;

    /// <summary>Its size as the quota sees it.</summary>
    public int Size => HeaderSize + (PermissionSize * Permissions.Length) + Value.Length + Children.Sum(name => name.Length + 1);

    /// <summary>What a domain may do with it; owners, dom0, and the device model of an owner may do everything.</summary>
    public XenStoreAccess AccessOf(StoreDomain domain) => AccessOf(domain, Permissions);

    /// <summary>What permissions allow a domain.</summary>
    public static XenStoreAccess AccessOf(StoreDomain domain, ImmutableArray<XenStorePermission> permissions)
    {
        if (Owns(domain, permissions))
        {
            return XenStoreAccess.ReadWrite;
        }

        foreach (XenStorePermission permission in permissions.AsSpan(1..))
        {
            if (domain.ActsAs(permission.Domid))
            {
                return permission.Access;
            }
        }

        return permissions[0].Access;
    }

    /// <summary>True when a domain may change the permissions.</summary>
    public static bool Owns(StoreDomain domain, ImmutableArray<XenStorePermission> permissions) =>
        domain.IsPrivileged || domain.ActsAs(permissions[0].Domid);
}
