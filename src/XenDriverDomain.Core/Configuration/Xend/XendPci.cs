using System.Globalization;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// PCI devices of xm (util/pci.py, parse_pci_name_extended): <c>[DDDD:]BB:SS.FUNCTIONS[@VSLOT][,option=value…]</c>, where commas may
/// stand for colons and the dot, and FUNCTIONS is <c>*</c>, or a list of functions, ranges and mappings to virtual functions; and
/// <c>BUS,DEVICE,FUNCTION</c> of Xen 2.0.
/// </summary>
internal static class XendPci
{
    public static XendPart Convert(string text, XendConversion to)
    {
        List<string> reasons = [];
        string bare = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (bare != text)
        {
            reasons.Add("blanks are no part of it");
        }

        XendPciText read = XendPciText.Read(bare);
        if (read.WhyNot is { } whyNot)
        {
            return XendPart.Refused(whyNot);
        }

        if (Options(read.Options, reasons, out string options) is { } wrong)
        {
            return XendPart.Refused(wrong);
        }

        reasons.AddRange(read.Reasons);
        string slot = read.VirtualSlot is { Length: > 0 } ? $"@{read.VirtualSlot}" : string.Empty;
        if (read.Functions is [null])
        {
            return slot.Length == 0
                ? XendPart.Refused("for all functions of a device xl wants a virtual slot (@SLOT); list the functions one by one")
                : Checked([$"{read.Slot}.*{slot}{options}"], reasons);
        }

        if (read.Functions.Count > 1)
        {
            reasons.Add("xl knows no list of functions: each is given by itself");
            if (slot.Length > 0)
            {
                reasons.Add("their places in the guest are xl's choice, as it cannot put them into one slot");
                slot = string.Empty;
            }
        }

        return Checked(
            [.. read.Functions.Select(f => string.Create(CultureInfo.InvariantCulture, $"{read.Slot}.{f}{slot}{options}"))], reasons);
    }

    // pci.py, check_pci_opts.
    private static string? Options(string text, List<string> reasons, out string options)
    {
        options = string.Empty;
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            (string key, string? value) = SpecText.Split(part);
            string? flag = value?.ToLowerInvariant() switch
            {
                "0" or "no" => "0",
                "1" or "yes" => "1",
                _ => null,
            };
            if (key == "managed")
            {
                reasons.Add("libvirt's 'managed' is none of xl's options");
                continue;
            }

            if (key is not ("msitranslate" or "power_mgmt") || flag is null)
            {
                return $"'{Terminal.Text.Show(part, 40)}' is no option that xm takes: msitranslate and power_mgmt, 0 or 1";
            }

            if (flag != value)
            {
                reasons.Add("xl takes 0 or 1");
            }

            options += $",{key}={flag}";
        }

        return null;
    }

    private static XendPart Checked(string[] specs, List<string> reasons)
    {
        try
        {
            foreach (string spec in specs)
            {
                PciSpec.Parse(spec);
            }
        }
        catch (XenDriverDomainException e)
        {
            return XendPart.Refused(char.ToLowerInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.'));
        }

        return new XendPart(specs, reasons);
    }
}
