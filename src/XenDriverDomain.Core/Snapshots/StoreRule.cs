using XenDriverDomain.Snapshots.Redaction;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Snapshots;

/// <summary>What is recorded of a node in xenstore.</summary>
internal enum StoreRule
{
    /// <summary>The node and what is below it.</summary>
    Whole,

    /// <summary>That the node is there, with its permissions, but neither its value nor what is below it.</summary>
    NodeOnly,

    /// <summary>Nothing: it is a secret.</summary>
    Secret,

    /// <summary>Nothing: this product does not read it.</summary>
    Unread,
}

/// <summary>
/// Which parts of xenstore are recorded: those that the toolstack and the back ends agree on. What a guest keeps for itself, or tells
/// whom it likes, is its own affair and may hold anything.
/// </summary>
internal static class StoreRules
{
    private static readonly string[] s_roots = ["tool", "local", "libxl", "vm"];

    // libxl_create.c, libxl__domain_make.
    private static readonly string[] s_domain =
        ["name", "domid", "vm", "memory", "cpu", "store", "console", "control", "device", "backend", "error", "libxl"];

    private static readonly string[] s_guests = ["data", "attr", "drivers", "feature", "guest", "device-model"];

    /// <summary>The rule for a node below the root.</summary>
    public static StoreRule Of(XenStorePath path)
    {
        string[] parts = path.ToString().Split('/')[1..];
        return Secrets.IsSecretName(parts[^1]) ? StoreRule.Secret : parts switch
        {
            [var root] => s_roots.Contains(root) ? StoreRule.Whole : StoreRule.Unread,
            ["local", var kind] => kind is "domain" or "pool" ? StoreRule.Whole : StoreRule.Unread,
            // Of our own records, what pciback was told: the copy's pciback is to have been told the same.
            ["local", "domain", "0", OwnRecords.Name] => StoreRule.Whole,
            ["local", "domain", "0", OwnRecords.Name, var room] => room == OwnRecords.Pci.Name ? StoreRule.Whole : StoreRule.Unread,
            ["local", "domain", _, var what] => s_domain.Contains(what) ? StoreRule.Whole
                : s_guests.Contains(what) ? StoreRule.NodeOnly
                : StoreRule.Unread,
            ["local", "domain", _, "error", var kind] => kind is "backend" or "device" ? StoreRule.Whole : StoreRule.Unread,
            _ => StoreRule.Whole,
        };
    }

    /// <summary>True for a guest's kernel command line.</summary>
    public static bool IsCommandLine(XenStorePath path) =>
        path.ToString() is var text && text[(text.LastIndexOf('/') + 1)..] is "cmdline" or "args" or "extra";
}
