using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>xenstore in the name of one domain.</summary>
/// <param name="Store">The store.</param>
/// <param name="Domid">The domain.</param>
internal readonly record struct DomainStore(SimulatedXenStore Store, int Domid)
{
    /// <summary>A node's text; null when there is none.</summary>
    public string? Read(string path) => Store.Read(Domid, path);

    /// <summary>A node's text; null when there is none, or when the domain may not see it.</summary>
    public string? TryRead(string path)
    {
        try
        {
            return Store.Read(Domid, path);
        }
        catch (XenStoreException)
        {
            return null;
        }
    }

    /// <summary>A node's number; null when it has none or cannot be seen.</summary>
    public int? ReadNumber(string path) =>
        int.TryParse(TryRead(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>The state of one end of a device; Unknown when it is gone.</summary>
    public XenbusState ReadState(string device) =>
        TryRead($"{device}/state") is [>= '0' and <= '8'] state ? (XenbusState)(state[0] - '0') : XenbusState.Unknown;

    /// <summary>The names of the children; none when there is no such node.</summary>
    public IReadOnlyList<string> List(string path)
    {
        try
        {
            return Store.List(Domid, path) ?? [];
        }
        catch (XenStoreException)
        {
            return [];
        }
    }

    /// <summary>The children whose names are numbers.</summary>
    public IEnumerable<int> Numbers(string path) => List(path)
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)
        .Where(number => number >= 0);

    /// <summary>
    /// Writes a text; false when it may not. A kernel or a daemon goes on then: what it wanted to write to may have been taken
    /// away in the same moment.
    /// </summary>
    public bool Write(string path, string value)
    {
        try
        {
            Store.Write(Domid, path, value);
            return true;
        }
        catch (XenStoreException)
        {
            return false;
        }
    }

    /// <summary>Writes a number; false when it may not.</summary>
    public bool Write(string path, int value) => Write(path, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the state of one end of a device, unless that end is gone (xenbus_switch_state).</summary>
    public void SwitchState(string device, XenbusState state)
    {
        if (TryRead($"{device}/state") is not null)
        {
            Write($"{device}/state", (int)state);
        }
    }

    /// <summary>Removes a node and all below it; false when there is none, or when it may not.</summary>
    public bool Remove(string path)
    {
        try
        {
            return Store.Remove(Domid, path);
        }
        catch (XenStoreException)
        {
            return false;
        }
    }

    /// <summary>Removes a node, and then each parent that has become empty (libxl__xs_path_cleanup).</summary>
    public void RemoveWithEmptyParents(string path)
    {
        Remove(path);

        // A driver domain does not own what is above its devices.
        for (string parent = Above(path); parent.Length > 0 && List(parent).Count == 0 && Remove(parent); parent = Above(parent))
        {
        }
    }

    /// <summary>Makes an empty node with permissions: owner first, then one reader where there is one.</summary>
    public void Make(string path, int owner, int? reader = null)
    {
        Store.MakeDirectory(Domid, path);
        SetPermissions(path, owner, reader);
    }

    /// <summary>Gives a node an owner, and one reader where there is one.</summary>
    public void SetPermissions(string path, int owner, int? reader = null)
    {
        XenStorePermission first = new(XenStoreAccess.None, owner);
        Store.SetPermissions(Domid, path, reader is { } other ? [first, new XenStorePermission(XenStoreAccess.Read, other)] : [first]);
    }

    private static string Above(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
