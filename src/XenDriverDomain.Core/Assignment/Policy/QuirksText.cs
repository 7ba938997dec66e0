using System.Globalization;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// pciback's attribute <c>quirks</c> (pci_stub.c, quirks_show): for each device <c>BB:SS.F</c> without its PCI domain, then its ids,
/// then its fields. It ends at one page, and of two cards with the same ids it may leave one out.
/// </summary>
internal sealed class QuirksText
{
    /// <summary>The most that the kernel writes.</summary>
    public const int PageSize = 4096;

    private readonly List<Entry> _entries = [];

    private QuirksText(bool isCut) => IsCut = isCut;

    /// <summary>True when the text fills its page, so that what is missing proves nothing.</summary>
    public bool IsCut { get; }

    /// <summary>Reads the attribute; what it cannot understand, such as a line that was cut, it leaves out.</summary>
    public static QuirksText Parse(string text)
    {
        QuirksText quirks = new(text.Length >= PageSize - 1);
        foreach (string line in text.Split('\n'))
        {
            if (!line.StartsWith('\t'))
            {
                // Any domain makes it an address that can be read; which it is, the file does not say.
                if (PciAddress.TryParse(line.Trim(), out PciAddress address, out _))
                {
                    quirks._entries.Add(new Entry(address));
                }
            }
            else if (line.StartsWith("\t\t", StringComparison.Ordinal) && quirks._entries.LastOrDefault() is { } entry
                && PciConfigField.TryParse(line.Trim(), out PciConfigField field, out _))
            {
                entry.Fields.Add(field);
            }
            else if (quirks._entries.LastOrDefault() is { Ids.Length: 0 } device)
            {
                device.Ids = line.Trim();
            }
        }

        return quirks;
    }

    /// <summary>The fields of a device; null when it is not listed, or cannot be told from another one.</summary>
    /// <param name="address">The device.</param>
    /// <param name="held">All devices that pciback has, with their ids.</param>
    public IReadOnlyList<PciConfigField>? FieldsOf(PciAddress address, IReadOnlyCollection<PciDevice> held)
    {
        Entry[] entries = held.FirstOrDefault(d => d.Address == address) is { } device ? [.. _entries.Where(e => IsMeant(e, device))] : [];
        return entries.Length == 1 && held.Count(d => IsMeant(entries[0], d)) == 1 ? entries[0].Fields : null;
    }

    private static bool IsAt(Entry entry, PciAddress address) =>
        (entry.Address.Bus, entry.Address.Device, entry.Address.Function) == (address.Bus, address.Device, address.Function);

    private static bool IsMeant(Entry entry, PciDevice device) =>
        IsAt(entry, device.Address)
        && (entry.Ids.Length == 0 || entry.Ids == string.Create(
            CultureInfo.InvariantCulture,
            $"{device.VendorId:x4}:{device.DeviceId:x4}:{device.SubsystemVendorId:x4}:{device.SubsystemDeviceId:x4}"));

    private sealed class Entry(PciAddress address)
    {
        public PciAddress Address { get; } = address;

        public string Ids { get; set; } = string.Empty;

        public List<PciConfigField> Fields { get; } = [];
    }
}
