using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>Makes the model of an xl.cfg, be it one that was read or one that an old file was converted to.</summary>
/// <param name="document">The xl.cfg.</param>
/// <param name="sources">Where its settings come from; null when it is what was read.</param>
internal sealed class DomainConfigModelReader(XlConfigDocument document, ConfigSources? sources)
{
    private readonly List<ConfigException> _errors = [];
    private readonly List<Finding> _findings = [];

    /// <summary>Reads it.</summary>
    /// <param name="isFragment">True when it is about a device, not about a domain.</param>
    public XenDomainConfig Read(bool isFragment)
    {
        DomainConfiguration known = DomainConfigReader.Read(document, _errors);
        bool isTypeKnown = !Failed("type") && !Failed("builder");
        ConfigPciDevice[] pci = [.. Items(
            "pci", (text, place) => new ConfigPciDevice(text, place, Spec(PciSpec.Parse, text)), XlPitfalls.OfPci, false)];
        ConfigVif[] vifs = [.. Items(
            "vif", (text, place) => new ConfigVif(text, place, Spec(VifSpec.Parse, text)), XlPitfalls.OfVif, true)];
        ConfigDisk[] disks = [.. Items("disk", (text, place) => new ConfigDisk(text, place, Spec(DiskSpec.Parse, text)), _ => null, true)];
        _findings.AddRange(_errors.Where(e => !isFragment || e.ErrorId != ErrorIds.ConfigSettingMissing).Select(ToFinding));
        if (!isFragment)
        {
            _findings.AddRange(DomainConfigChecks.Check(known).Where(IsNews).Select(Placed));
        }

        if (known.Type == DomainType.HVM)
        {
            _findings.AddRange(vifs.Where(v => v.Spec is { Backend: not null, Type: not VifType.Vif }).Select(Emulated));
        }

        if (sources is null)
        {
            _findings.AddRange(XlPitfalls.OfSettings(document));
        }

        return new XenDomainConfig
        {
            Format = DomainConfigFormat.Xl,
            Document = document,
            Path = document.FileName,
            Name = known.Name.Length > 0 ? known.Name : null,
            Type = isTypeKnown && !isFragment ? known.Type : null,
            MemoryMB = known.MemoryMB,
            Vcpus = known.Vcpus,
            Kernel = known.Kernel,
            Ramdisk = known.Ramdisk,
            CommandLine = known.CommandLine ?? (known.Root is null && known.ExtraArguments is null ? null
                : string.Join(' ', ((string?[])[known.Root is null ? null : $"root={known.Root}", known.ExtraArguments]).OfType<string>())),

            // An array would hide PowerShell's $config.PciDevice.Address behind a method of its own of that name.
            PciDevice = pci.AsReadOnly(),
            Vif = vifs.AsReadOnly(),
            Disk = disks.AsReadOnly(),
            Settings = [.. document.Keys.Select(Setting)],
            Findings = [.. _findings.OrderBy(f => f.Line ?? int.MaxValue).ThenBy(f => f.Column)],
        };
    }

    private static T? Spec<T>(Func<string, T> parse, string text)
        where T : class
    {
        try
        {
            return parse(text);
        }
        catch (XenDriverDomainException)
        {
            return null;
        }
    }

    private IEnumerable<T> Items<T>(string key, Func<string, ConfigLocation, T> make, Func<string, Finding?> diagnose, bool mayHaveBlanks)
    {
        if (document.GetValue(key) is not XlConfigList list)
        {
            yield break;
        }

        foreach ((XlConfigValue value, int i) in list.Items.Select((item, i) => (item, i)))
        {
            if (value is not XlConfigAtom atom)
            {
                continue;
            }

            ConfigLocation place = sources?.Of(key, i) ?? atom.Location;
            ConfigException? error = _errors.Find(e => e.Location == atom.Location);
            if (error is not null)
            {
                _errors.Remove(error);
                _findings.Add((diagnose(atom.Text) ?? OfException(error, Terminal.Text.Show(atom.Text))).At(place));
            }
            else if (mayHaveBlanks && XlPitfalls.OfBlanks(atom.Text) is { } blanks)
            {
                _findings.Add(blanks.At(place));
            }

            yield return make(atom.Text, place);
        }
    }

    private ConfigSetting Setting(string key)
    {
        XlConfigValue value = document.GetValue(key)!;
        string text;
        try
        {
            text = XlConfigText.Write(value);
        }
        catch (XenDriverDomainException)
        {
            // A control character, which xl reads and nobody should write.
            text = Terminal.Text.Show(document.Text[value.Start..value.End]);
        }

        return new ConfigSetting(key, text, sources?.Of(key) ?? document.Assignments.First(a => a.Key == key).Location);
    }

    private bool Failed(string key) => document.GetValue(key) is { } value && _errors.Exists(e => e.Location == value.Location);

    // What could not be read was said already.
    private bool IsNews(Finding finding) => finding.Id switch
    {
        ErrorIds.DomainNameInvalid => finding.Subject is not "" && document.GetValue("name") is XlConfigAtom,
        ErrorIds.MemoryOutOfBounds => !Failed("memory"),
        _ => true,
    };

    private Finding Placed(Finding finding)
    {
        string subject = finding.Subject.ToString()!;
        string? key = finding.Id == ErrorIds.DomainNameInvalid ? "name" : document.GetValue(subject) is null ? null : subject;
        if (key is not null)
        {
            return finding.At(sources?.Of(key) ?? document.GetValue(key)!.Location);
        }

        foreach (string list in (string[])["pci", "vif", "disk"])
        {
            if (document.GetValue(list) is XlConfigList { Items: { } items })
            {
                // Of a device that is listed twice, the second is the one too many.
                int last = items.ToList().FindLastIndex(i => i is XlConfigAtom atom && IsAbout(list, atom.Text, subject));
                if (last >= 0)
                {
                    return finding.At(sources?.Of(list, last) ?? items[last].Location);
                }
            }
        }

        return finding.At(document.FileName is { } file ? new ConfigLocation(file, 0, 0) : null);
    }

    private static bool IsAbout(string list, string text, string subject) => Terminal.Text.Show(list switch
    {
        "pci" => Spec(PciSpec.Parse, text)?.ToString() ?? text,
        "vif" => Spec(VifSpec.Parse, text)?.ToString() ?? text,
        _ => text,
    }) == subject;

    private Finding ToFinding(ConfigException error)
    {
        string? key = document.Keys.FirstOrDefault(k => document.GetValue(k)!.Location == error.Location);
        ConfigLocation? place = key is null
            ? error.ErrorId == ErrorIds.ConfigSettingMissing ? null : error.Location
            : sources?.Of(key) ?? error.Location;
        return OfException(error, key ?? "name").At(place ?? (document.FileName is { } file ? new ConfigLocation(file, 0, 0) : null));
    }

    private static Finding OfException(ConfigException error, string subject)
    {
        // The message begins with the place, which the finding has by itself.
        string prefix = $"{error.Location}: ";
        string cause = error.Message.StartsWith(prefix, StringComparison.Ordinal) ? error.Message[prefix.Length..] : error.Message;
        return new Finding(error.ErrorId, FindingSeverity.Error, subject, char.ToUpperInvariant(cause[0]) + cause[1..], error.Remedy)
        {
            Kind = error.Kind,
        };
    }

    private static Finding Emulated(ConfigVif vif) => new Finding(
        ErrorIds.EmulatedVifElsewhere,
        FindingSeverity.Warning,
        Terminal.Text.Show(vif.Text),
        $"The emulated half of this interface lives with the device model in dom0; {vif.Backend} backs the paravirtual half only.",
        "Add type=vif when the guest has a netfront driver.").At(vif.Location);
}
