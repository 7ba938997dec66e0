using System.Globalization;
using System.Numerics;
using XenDriverDomain.Configuration.XlCfg;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>The rules of the table that need more than a row: the domain itself.</summary>
internal static class GeneralRules
{
    // create.py, gopts.var('memory'): what xm gives a domain that does not say.
    private const int DefaultMemoryMB = 128;

    public static void Builder(XendConversion to, XendSetting setting)
    {
        switch (to.Scalar(setting))
        {
            case null:
                break;
            case "hvm":
                to.Change(setting, "type", XlConfigAtom.FromString("hvm"), "xl says type");
                break;
            case "linux" or "generic":
                to.Change(setting, "type", XlConfigAtom.FromString("pv"), "xl says type; a builder 'linux' it refuses");
                break;
            default:
                to.Refuse(setting, "xl builds PV and HVM domains only: builder is linux or hvm");
                break;
        }
    }

    public static void Restart(XendConversion to, XendSetting setting)
    {
        // XendConfig.py, "Convert deprecated options": it goes above the others.
        (string Poweroff, string Reboot, string Crash)? actions = to.Scalar(setting) switch
        {
            "onreboot" => ("destroy", "restart", "destroy"),
            "always" => ("restart", "restart", "restart"),
            "never" => ("destroy", "destroy", "destroy"),
            _ => null,
        };
        if (actions is not { } all)
        {
            to.Drop(setting, "it is none of onreboot, always and never, and xend passed over it");
            return;
        }

        foreach ((string key, string action) in ((string, string)[])[
            ("on_poweroff", all.Poweroff), ("on_reboot", all.Reboot), ("on_crash", all.Crash),
        ])
        {
            if (!to.Has(key) && to.Find(key) is null)
            {
                to.Change(setting, key, XlConfigAtom.FromString(action), "xl has a setting for each event");
            }
        }
    }

    public static void ServesOthers(XendConversion to, XendSetting setting)
    {
        bool isOff = setting.Text?.ToLowerInvariant() is "0" or "no" or "n";
        if (isOff)
        {
            to.Drop(setting, "the domain serves no others, which is what xl assumes");
        }
        else if (to.Has("driver_domain"))
        {
            to.Tell(setting, ConversionAction.Changed, "driver_domain = 1", "xl says it once for all that a domain serves");
        }
        else
        {
            to.Change(setting, "driver_domain", XlConfigAtom.FromNumber(1), "it told xend that the domain serves others; this tells xl");
        }
    }

    public static Action<XendConversion, XendSetting> ZeroOnly(string why) => (to, setting) =>
    {
        if (setting.Text is "0")
        {
            to.Drop(setting, "0 is as if it were not there");
        }
        else
        {
            to.Refuse(setting, why);
        }
    };

    public static void OnlineVcpus(XendConversion to, XendSetting setting)
    {
        if (to.Scalar(setting) is not { } text)
        {
            return;
        }

        // A mask of processors; xl has their number only.
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong mask) && mask > 0 && (mask & (mask + 1)) == 0
            && int.TryParse(to.Find("vcpus")?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int all)
            && BitOperations.PopCount(mask) >= all)
        {
            to.Drop(setting, "it has all processors on, as xl has");
        }
        else
        {
            to.Refuse(setting, "xl has no mask of processors: write vcpus, the number that is on at the start, and maxvcpus");
        }
    }

    public static void Cpu(XendConversion to, XendSetting setting)
    {
        // XendConfig.py, "Deprecated cpu configuration": one more for cpus.
        if (to.Scalar(setting) is not { } cpu)
        {
            return;
        }

        if (to.Find("cpus") is { } cpus)
        {
            if (cpus.Text is { } others)
            {
                to.Change(setting, "cpus", XlConfigAtom.FromString($"{cpu},{others}"), "it is one of the cpus");
            }
            else
            {
                to.Drop(setting, "cpus says where each processor runs");
            }
        }
        else
        {
            to.Change(setting, "cpus", XlConfigAtom.FromString(cpu), "it is one of the cpus");
        }
    }

    public static void Cpus(XendConversion to, XendSetting setting)
    {
        if (setting.Items is { } items)
        {
            to.Map(setting, "cpus", XlConfigList.Of(items.Select(i => XlConfigAtom.FromString(i.Text))));
        }
        else if (to.Find("cpu") is { Text: not null })
        {
            to.Tell(setting, ConversionAction.Changed, null, "it is written together with cpu");
        }
        else
        {
            to.Map(setting, "cpus", XlConfigAtom.FromString(setting.Text!));
        }
    }

    public static void Nics(XendConversion to, XendSetting setting)
    {
        int there = to.Find("vif")?.Items?.Count ?? 0;
        if (to.Scalar(setting) is not { } text)
        {
            return;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int wanted) || wanted > 64)
        {
            to.Refuse(setting, "its value is no number of interfaces");
            return;
        }

        if (wanted <= there)
        {
            to.Drop(setting, "vif lists as many interfaces");
            return;
        }

        for (int i = there; i < wanted; i++)
        {
            to.AddItem("vif", string.Empty, setting.Location);
        }

        to.Tell(
            setting,
            ConversionAction.Changed,
            XendConversion.Line("vif", XlConfigList.Of(Enumerable.Repeat(XlConfigAtom.FromString(string.Empty), wanted - there))),
            "xl has as many interfaces as vif lists; an empty one has the defaults");
    }

    /// <summary>What xm and xend do when nothing is said, and xl does otherwise.</summary>
    public static void AddDefaults(XendConversion to)
    {
        Default(to, "memory", XlConfigAtom.FromNumber(DefaultMemoryMB), "xm's default; xl's is another");
        if (!to.Has("on_crash"))
        {
            Default(to, "on_crash", XlConfigAtom.FromString("restart"), "xend's default; xl destroys a domain that crashed");
        }

        if (to.IsHvm && to.Has("pci"))
        {
            Default(to, "pci_msitranslate", XlConfigAtom.FromNumber(1), "xm's default; xl's is 0");
        }
    }

    private static void Default(XendConversion to, string name, XlConfigAtom value, string why)
    {
        if (to.Find(name) is null)
        {
            to.Change(new XendSetting(name, default) { Text = string.Empty }, name, value, why);
        }
    }
}
