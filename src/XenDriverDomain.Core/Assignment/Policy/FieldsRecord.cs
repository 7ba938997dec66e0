using System.Globalization;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// What was written down of the fields of one function: in xenstore by this module (<c>binding</c>, <c>domid</c>, <c>field/REGISTER</c> in
/// the function's folder), or below /run by the script that applies the policy (the binding, then a field a line).
/// </summary>
/// <param name="Address">The function.</param>
/// <param name="Binding">
/// The inode number of the function's link in pciback's directory: the kernel makes the link when it binds the function, with another
/// number each time (kernfs since Linux 4.14; before, a number may come again), so that a record of an earlier binding is known for one.
/// </param>
/// <param name="Domid">
/// The domain that had the function then; null for none. pciback drops what was added when a guest lets go of the function
/// (pci_stub.c, pcistub_put_pci_dev).
/// </param>
/// <param name="Fields">The fields.</param>
internal sealed record FieldsRecord(PciAddress Address, long Binding, int? Domid, IReadOnlyList<RecordedField> Fields)
{
    /// <summary>The files of the script: one of the two folders is there, and on most hosts one leads to the other.</summary>
    public static IReadOnlyList<string> ScriptFolders { get; } = ["/run/xen-pci-policy", "/var/run/xen-pci-policy"];

    /// <summary>The folder of a function's record in xenstore.</summary>
    public static XenStorePath FolderOf(PciAddress address) => OwnRecords.Pci / address.XenStoreKey;

    /// <summary>Reads a number of an inode.</summary>
    public static bool TryReadBinding(string? text, out long binding) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out binding);

    /// <summary>Reads a file of the script's; null when it is no such file.</summary>
    public static FieldsRecord? TryReadScript(string path, string text)
    {
        string[] lines = text.Split('\n');
        return PciAddress.TryParse(path[(path.LastIndexOf('/') + 1)..], out PciAddress address)
            && TryReadBinding(lines[0], out long binding)
            ? new FieldsRecord(address, binding, null, [.. Parse(lines.Skip(1).Select(line => line + " policy"))])
            : null;
    }

    /// <summary>The fields that texts stand for; what is none is left out.</summary>
    public static IEnumerable<RecordedField> Parse(IEnumerable<string> texts) =>
        texts.Select(RecordedField.TryParse).OfType<RecordedField>();

    /// <summary>Whether it still says how the function is, as far as that can be told.</summary>
    public bool IsAbout(PciDevice device, long binding) =>
        device.Address == Address && binding == Binding && (Domid is null || Domid == device.Domid);
}
