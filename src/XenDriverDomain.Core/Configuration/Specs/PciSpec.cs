using System.Globalization;
using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Configuration.Specs;

/// <summary>
/// A PCI_SPEC_STRING (xl-pci-configuration(5)): <c>[DDDD:]BB:SS.F[@VSLOT][,key=value…]</c>, or keys only with <c>bdf=</c> or
/// <c>name=</c>. Xen's own parser ignores tails, takes "yes" for 0 and reads beyond a missing function; this one refuses all that.
/// </summary>
public sealed record PciSpec
{
    private const string Keys = "bdf, vslot, permissive, msitranslate, seize, power_mgmt, rdm_policy, name";

    /// <summary>The device function; null when the device is named by <see cref="Name"/>.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>True for <c>.*</c>: all functions of the slot; <see cref="Address"/> has function 0 then.</summary>
    public bool AllFunctions { get; init; }

    /// <summary>The name given with <c>xl pci-assignable-add -n</c> (Xen 4.15 and later); null for a device by address.</summary>
    public string? Name { get; init; }

    /// <summary>The virtual slot in the guest, 0 to 0x1f; null for the next free one.</summary>
    public int? VirtualSlot { get; init; }

    /// <summary>Lets the guest write all of the configuration space; null for xl's default, no.</summary>
    public bool? Permissive { get; init; }

    /// <summary>MSI to INTx translation, HVM only; null for xl's default, no.</summary>
    public bool? MsiTranslate { get; init; }

    /// <summary>Takes the device from its driver when it is not assignable yet; null for xl's default, no.</summary>
    public bool? Seize { get; init; }

    /// <summary>Power management by the guest, HVM only; null for xl's default, no.</summary>
    public bool? PowerManagement { get; init; }

    /// <summary>What a collision of reserved regions does; null for the domain's or xl's default.</summary>
    public RdmPolicy? RdmPolicy { get; init; }

    /// <summary>A device by its address, with xl's defaults.</summary>
    public static PciSpec ForAddress(PciAddress address) => new() { Address = address };

    /// <summary>Reads a specification.</summary>
    /// <exception cref="XenDriverDomainException">PciSpecMalformed.</exception>
    public static PciSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            throw Malformed(text, "it is empty");
        }

        if (SpecText.HasBlank(text))
        {
            throw Malformed(text, "blanks are not allowed anywhere in it");
        }

        string[] parts = text.Split(',');
        PciSpec spec = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < parts.Length; i++)
        {
            (string key, string? value) = SpecText.Split(parts[i]);
            if (value is null && i == 0)
            {
                spec = spec.WithPosition(text, key);
                seen.Add("bdf");
                continue;
            }

            if (value is null)
            {
                throw Malformed(text, key.Length == 0 ? "it has an empty part" : $"'{Shown(key)}' has no value; write {Shown(key)}=1");
            }

            if (!seen.Add(key))
            {
                throw Malformed(text, $"'{Shown(key)}' is given twice");
            }

            spec = spec.WithOption(text, key, value);
        }

        if (spec.Address is null == spec.Name is null)
        {
            throw Malformed(text, "it must name the device either by its address (bdf) or by its name");
        }

        return spec.AllFunctions && spec.Name is not null ? throw Malformed(text, "a name stands for one function") : spec;
    }

    /// <summary>
    /// The string as xl of any version reads it where that is possible: address first, then only what differs from the default.
    /// </summary>
    public override string ToString()
    {
        StringBuilder text = new();
        if (Address is { } address)
        {
            text.Append(AllFunctions ? $"{address.ToString()[..^1]}*" : address.ToString());
            if (VirtualSlot is { } slot)
            {
                text.Append(CultureInfo.InvariantCulture, $"@{slot:x}");
            }
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"name={Name}");
            if (VirtualSlot is { } slot)
            {
                text.Append(CultureInfo.InvariantCulture, $",vslot={slot:x}");
            }
        }

        Append("permissive", Permissive);
        Append("msitranslate", MsiTranslate);
        Append("seize", Seize);
        Append("power_mgmt", PowerManagement);
        return RdmPolicy switch
        {
            Configuration.Specs.RdmPolicy.Strict => text.Append(",rdm_policy=strict").ToString(),
            Configuration.Specs.RdmPolicy.Relaxed => text.Append(",rdm_policy=relaxed").ToString(),
            _ => text.ToString(),
        };

        void Append(string key, bool? value)
        {
            if (value is { } flag)
            {
                text.Append(CultureInfo.InvariantCulture, $",{key}={SpecText.Flag(flag)}");
            }
        }
    }

    private PciSpec WithPosition(string text, string value)
    {
        int at = value.IndexOf('@', StringComparison.Ordinal);
        PciSpec spec = WithAddress(text, at < 0 ? value : value[..at]);
        return at < 0 ? spec : spec with { VirtualSlot = Slot(text, value[(at + 1)..]) };
    }

    private PciSpec WithOption(string text, string key, string value) => key switch
    {
        "bdf" => WithAddress(text, value),
        "vslot" when VirtualSlot is null => this with { VirtualSlot = Slot(text, value) },
        "vslot" => throw Malformed(text, "the virtual slot is given twice"),
        "permissive" => this with { Permissive = Flag(text, key, value) },
        "msitranslate" => this with { MsiTranslate = Flag(text, key, value) },
        "seize" => this with { Seize = Flag(text, key, value) },
        "power_mgmt" => this with { PowerManagement = Flag(text, key, value) },
        "rdm_policy" => this with
        {
            RdmPolicy = value.ToLowerInvariant() switch
            {
                "strict" => Configuration.Specs.RdmPolicy.Strict,
                "relaxed" => Configuration.Specs.RdmPolicy.Relaxed,
                _ => throw Malformed(text, "rdm_policy is strict or relaxed"),
            },
        },
        "name" => value.Length > 0 && value.All(c => c is > ' ' and < '\x7f' and not '=')
            ? this with { Name = value }
            : throw Malformed(text, "a name is printable ASCII without blanks and '='"),
        _ => throw Malformed(text, $"there is no option '{Shown(key)}'; there are {Keys}"),
    };

    private PciSpec WithAddress(string text, string value)
    {
        bool all = value.EndsWith(".*", StringComparison.Ordinal);
        string function = Padded(all ? value[..^1] + "0" : value);
        return PciAddress.TryParse(function, out PciAddress address, out string? why)
            ? this with { Address = address, AllFunctions = all }
            : throw Malformed(text, $"in its address, {why}");
    }

    // xl reads 1:0.0 as well, and that has one meaning only.
    private static string Padded(string value)
    {
        string[] fields = value.Split(':', '.');
        int[] widths = fields.Length == 4 ? [4, 2, 2, 1] : fields.Length == 3 ? [2, 2, 1] : [];
        if (widths.Length == 0 || value.Count(c => c == ':') != widths.Length - 2 || fields.Any(f => f.Length == 0)
            || value.LastIndexOf('.') < value.LastIndexOf(':'))
        {
            return value;
        }

        string[] padded = [.. fields.Zip(widths, (field, width) => field.PadLeft(width, '0'))];
        return $"{string.Join(':', padded[..^1])}.{padded[^1]}";
    }

    private static int Slot(string text, string value)
    {
        ReadOnlySpan<char> digits = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? value.AsSpan(2) : value;
        return digits.Length is 1 or 2
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int slot) && slot <= 0x1f
            ? slot
            : throw Malformed(text, "the virtual slot is hexadecimal, 0 to 1f");
    }

    private static bool Flag(string text, string key, string value) =>
        SpecText.Flag(value) ?? throw Malformed(text, $"{key} must be 0 or 1 (xl takes any word for 0)");

    private static string Shown(string part) => Terminal.Text.Show(part, 40);

    private static XenDriverDomainException Malformed(string text, string why) => new(
        ErrorIds.PciSpecMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text)}' is not a PCI device specification: {why}.",
        "Write the address and options without blanks, for example 0000:00:10.0,permissive=1.",
        text);
}

/// <summary>
/// What happens when a device's reserved memory regions collide with a guest's memory (xl-pci-configuration(5), HVM only).
/// </summary>
public enum RdmPolicy
{
    /// <summary>The domain is not created.</summary>
    Strict,

    /// <summary>It is created with a warning; the device may not work.</summary>
    Relaxed,
}
