using System.Collections.Frozen;
using System.Globalization;
using XenDriverDomain.Configuration.Xend.Sxp;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// Reads <c>(vm …)</c>, xend's <c>(domain …)</c> and single devices as xend does (XendConfig.py, _parse_sxp), and calls each setting what
/// xm calls it, so that one table says what becomes of it.
/// </summary>
internal sealed class SxpSettings
{
    // Where SXP has another word than xm.
    private static readonly FrozenDictionary<string, string> s_names = new Dictionary<string, string>
    {
        ["bootloader_args"] = "bootargs",
        ["pool_name"] = "pool",
        ["HVM_boot"] = "boot",
        ["image/args"] = "extra",
        ["image/ip"] = XendKernelLine.ReadyIp,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What a device of xend has besides what its configuration says.
    private static readonly string[] s_bookkeeping =
        ["uuid", "devid", "id", "state", "handle", "backend-id", "bootable", "VDI", "driver", "key", "network", "other_config"];

    private readonly List<XendSetting> _settings = [];

    /// <summary>True when it is devices without a domain.</summary>
    public bool IsFragment { get; private set; }

    /// <summary>The settings, each once, in order.</summary>
    public IReadOnlyList<XendSetting> Settings => _settings;

    /// <summary>Reads a document.</summary>
    /// <exception cref="ConfigException">ConfigNotADomain, ConfigValueInvalid.</exception>
    public static SxpSettings Read(SxpDocument document, string? fileName)
    {
        SxpSettings read = new();
        SxpList[] domains = [.. document.Items.OfType<SxpList>().Where(l => l.Name is "vm" or "domain")];
        SxpList[] devices =
            [.. document.Items.OfType<SxpList>().Where(l => l.Name is "device" or "pci" or "vif" or "vbd" or "tap" or "tap2")];
        if (domains is [var domain, ..])
        {
            if (domains.Length > 1)
            {
                throw NotADomain(domains[1].Location, "the text describes several domains", "Give each domain a file of its own.");
            }

            if (domain.Child("create_info") is not null || domain.Child("build_info") is not null || domain.Child("c_info") is not null)
            {
                throw NotADomain(
                    domain.Location, "the text is what xl prints of a domain that runs, in a language of its own",
                    "Take the file that the domain was started from.");
            }

            read.ReadDomain(domain);
        }
        else if (devices.Length > 0 && devices.Length == document.Items.Count)
        {
            read.IsFragment = true;
            foreach (SxpList device in devices)
            {
                read.ReadDevice(device.Name == "device" ? Inner(device) : device);
            }
        }
        else
        {
            throw NotADomain(
                document.Items is [var first, ..] ? first.Location : new ConfigLocation(fileName, 1, 1),
                "the text is neither (vm …) nor (domain …) nor a device",
                "Give a file as xm create -F takes it.");
        }

        return read;
    }

    private static ConfigException NotADomain(ConfigLocation location, string problem, string remedy) =>
        new(ErrorIds.ConfigNotADomain, location, problem + ".", remedy);

    private static SxpList Inner(SxpList device) => device.Items.OfType<SxpList>().FirstOrDefault() ?? throw new ConfigException(
        ErrorIds.ConfigValueInvalid, device.Location, "(device) has no device in it.",
        "Write (device (vif …)), (device (vbd …)) or (device (pci …)).");

    private void ReadDomain(SxpList domain)
    {
        foreach (SxpValue value in domain.Items.Skip(1))
        {
            if (value is not SxpList { Name: { } name } list)
            {
                throw new ConfigException(
                    ErrorIds.ConfigValueInvalid, value.Location,
                    $"'{Terminal.Text.Show(value.ToString(), 40)}' stands where (name value) is wanted.",
                    "Put it into parentheses, with its name.");
            }

            switch (name)
            {
                case "image":
                    ReadImage(list);
                    break;
                case "device":
                    ReadDevice(Inner(list));
                    break;
                case "backend" when list.Items.Skip(1).OfType<SxpList>().FirstOrDefault()?.Name is { } served:
                    Set(served, $"backend/{served}", new SxpAtom(list.Location, "1", false));
                    break;
                case "security":
                    Set("access_control", name, list);
                    break;
                default:
                    Set(s_names.GetValueOrDefault(name, name), name, Value(list));
                    break;
            }
        }
    }

    // (image (linux (kernel …) …)): the builder, and its settings.
    private void ReadImage(SxpList image)
    {
        if (image.Items.OfType<SxpList>().FirstOrDefault() is not { Name: { } builder } list)
        {
            return;
        }

        Set("builder", "image", new SxpAtom(list.Location, builder, false));
        foreach (SxpList setting in list.Items.Skip(1).OfType<SxpList>().Where(s => s.Name is not null))
        {
            string written = $"image/{setting.Name}";
            if (setting.Name is not ("pci" or "notes"))
            {
                Set(s_names.GetValueOrDefault(written, setting.Name!), written, Value(setting));
            }
            else if (setting.Name == "notes")
            {
                Set("notes", written, setting);
            }
        }
    }

    private void ReadDevice(SxpList device)
    {
        string type = device.Name ?? string.Empty;
        switch (type)
        {
            case "vbd" or "tap" or "tap2":
                AddItem("disk", type, device.Location, string.Join(',', ((string[])
                    [
                        Field(device, "uname"), Field(device, "dev"), Field(device, "mode") is { Length: > 0 } mode ? mode : "r",
                        Field(device, "backend"), Field(device, "protocol"),
                    ])).TrimEnd(','));
                break;
            case "pci":
                ReadPci(device);
                break;
            case "ioports":
                AddItem("ioports", type, device.Location, $"{Bare(Field(device, "from"))}-{Bare(Field(device, "to"))}");
                break;
            case "irq":
                AddItem("irq", type, device.Location, Field(device, "irq"));
                break;
            case "vkbd" or "console":
                Set(type == "vkbd" ? "vkbd" : "console", $"device/{type}", new SxpAtom(device.Location, "1", false));
                break;
            case "vif" or "vif2" or "vfb" or "vtpm" or "vusb" or "vscsi":
                AddItem(type, type, device.Location, string.Join(',', device.Items.Skip(1).OfType<SxpList>()
                    .Where(f => f.Name is { } key && !s_bookkeeping.Contains(key))
                    .Select(f => (f.Name, Value: Field(device, f.Name!)))
                    .Where(f => f.Value.Length > 0)
                    .Select(f => $"{f.Name}={f.Value}")));
                break;
            default:
                throw new ConfigException(
                    ErrorIds.ConfigValueInvalid, device.Location, $"there is no device '{Terminal.Text.Show(type, 40)}'.",
                    "Devices are vbd, tap, tap2, vif, pci, vfb, vtpm, vusb, vscsi, ioports, irq.");
        }
    }

    // (pci (dev (domain 0x0)(bus 0x3)(slot 0x1a)(func 0x1)) …), or of Xen 2.0 (pci (bus 3)(dev 26)(func 1)).
    private void ReadPci(SxpList device)
    {
        SxpList[] several = [.. device.Children("dev").Where(d => d.Items.Skip(1).FirstOrDefault() is SxpList)];
        if (several.Length == 0)
        {
            AddItem("pci", "pci", device.Location, $"{Field(device, "bus")},{Field(device, "dev")},{Field(device, "func")}");
            return;
        }

        foreach (SxpList dev in several)
        {
            string options = string.Concat((dev.Child("opts")?.Items.Skip(1) ?? []).SelectMany(Flat)
                .Where(o => o.Items.Count == 2).Select(o => $",{o.Name}={(o.Items[1] as SxpAtom)?.Text}"));
            AddItem(
                "pci",
                "pci",
                dev.Location,
                $"{Hex(dev, "domain", 4)}:{Hex(dev, "bus", 2)}:{Hex(dev, "slot", 2)}.{Hex(dev, "func", 1)}{VirtualSlot(dev)}{options}");
        }
    }

    // Options are in one more pair of parentheses, or not: (opts (msitranslate 1)), (opts ((msitranslate 1))).
    private static IEnumerable<SxpList> Flat(SxpValue value) => value is SxpList list
        ? list.Name is null ? list.Items.OfType<SxpList>() : [list]
        : [];

    // vdevfn is slot and function; from 0x100 on it is for xend to choose. vslt is the slot in Xen 3.4.
    private static string VirtualSlot(SxpList dev)
    {
        if (Field(dev, "vdevfn") is { Length: > 0 } both)
        {
            return Number(both) is { } number && number < 0x100
                ? string.Create(CultureInfo.InvariantCulture, $"@{number >> 3:x}")
                : string.Empty;
        }

        return Field(dev, "vslt") is { Length: > 0 } slot && Number(slot) is { } chosen && chosen is > 0 and < 0x20
            ? string.Create(CultureInfo.InvariantCulture, $"@{chosen:x}")
            : string.Empty;
    }

    private static string Hex(SxpList dev, string name, int digits)
    {
        string text = Field(dev, name);
        return Number(text.Length == 0 && name == "domain" ? "0" : text) is { } number
            ? number.ToString("x", CultureInfo.InvariantCulture).PadLeft(digits, '0')
            : throw new ConfigException(
                ErrorIds.ConfigValueInvalid,
                dev.Child(name)?.Location ?? dev.Location,
                text.Length == 0
                    ? $"a PCI device lacks its {name}."
                    : $"'{Terminal.Text.Show(text, 40)}' is no hexadecimal number for {name}.",
                "Write (dev (domain 0x0)(bus 0x1)(slot 0x5)(func 0x0)).");
    }

    // XendConfig.py, pci_convert_sxp_to_dict: hexadecimal with and without 0x.
    private static int? Number(string text) =>
        int.TryParse(Bare(text), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number) && number >= 0
            ? number
            : null;

    private static string Bare(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;

    private static string Field(SxpList list, string name)
    {
        string text = list.ChildValue(name)?.Text ?? string.Empty;
        return text.Contains(',', StringComparison.Ordinal)
            ? throw new ConfigException(
                ErrorIds.ConfigValueInvalid, list.ChildValue(name)!.Location, $"a comma in {name} has no place in a list of xl's.",
                "Rename what it names.")
            : text;
    }

    private static SxpValue Value(SxpList list) => list.Items.Count switch
    {
        1 => new SxpAtom(list.Location, string.Empty, false),
        2 => list.Items[1],
        _ => new SxpList(list.Location, [.. list.Items.Skip(1)]),
    };

    private void Set(string name, string written, SxpValue value)
    {
        XendSetting setting = value is SxpAtom atom
            ? new XendSetting(name, value.Location) { Written = written, Text = atom.Text }
            : new XendSetting(name, value.Location)
            {
                Written = written,
                Items = [.. ((SxpList)value).Items.Select(i => new XendItem(string.Join(',', Words(i)), i.Location))],
            };

        // The first one counts (sxp.py, child).
        if (!_settings.Exists(s => s.Name == name))
        {
            _settings.Add(setting);
        }
    }

    private static IEnumerable<string> Words(SxpValue value) =>
        value is SxpAtom atom ? [atom.Text] : ((SxpList)value).Items.SelectMany(Words);

    private void AddItem(string name, string type, ConfigLocation location, string text)
    {
        XendItem item = new(text, location);
        int at = _settings.FindIndex(s => s.Name == name);
        if (at < 0)
        {
            _settings.Add(new XendSetting(name, location) { Written = $"device/{type}", Items = [item] });
        }
        else
        {
            _settings[at] = _settings[at] with { Items = [.. _settings[at].Items ?? [], item] };
        }
    }
}
