using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.Configuration;

/// <summary>Reads an xl.cfg into the model; what the model does not know is kept as it is.</summary>
/// <param name="document">The file.</param>
/// <param name="errors">Gathers what is wrong, and reading goes on without it; null to throw the first.</param>
internal sealed class DomainConfigReader(XlConfigDocument document, List<ConfigException>? errors)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public static DomainConfiguration Read(XlConfigDocument document, List<ConfigException>? errors = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new DomainConfigReader(document, errors).Read();
    }

    private DomainConfiguration Read()
    {
        DomainConfiguration known = new()
        {
            Name = ReadName() ?? string.Empty,
            Type = Guard<DomainType?>(() => ReadType()) ?? DomainType.PV,
            MemoryMB = Megabytes("memory"),
            MaxMemoryMB = Megabytes("maxmem"),
            Vcpus = Number("vcpus", 1, 32767),
            Kernel = Text("kernel"),
            Ramdisk = Text("ramdisk"),
            CommandLine = Text("cmdline"),
            Root = Text("root"),
            ExtraArguments = Text("extra"),
            IsDriverDomain = Flag("driver_domain") ?? false,
            Passthrough = Word("passthrough", XlWords.PassthroughModes),
            E820Host = Flag("e820_host"),
            PciDevices = Items("pci", PciSpec.Parse),
            Vifs = Items("vif", VifSpec.Parse),
            Disks = Items("disk", DiskSpec.Parse),
            OnPoweroff = Word("on_poweroff", XlWords.Actions),
            OnReboot = Word("on_reboot", XlWords.Actions),
            OnCrash = Word("on_crash", XlWords.Actions),
            Bridge = document.GetNote(DomainConfigWriter.BridgeNote) is { } bridge && InterfaceName.WhyNot(bridge) is null
                ? bridge
                : null,
        };
        return known with
        {
            Other = [.. document.Keys.Where(key => !_taken.Contains(key))
                .Select(key => KeyValuePair.Create(key, document.GetValue(key)!))],
        };
    }

    private string? ReadName() => Guard(() => Text("name") ?? throw new ConfigException(
        ErrorIds.ConfigSettingMissing,
        new ConfigLocation(document.FileName, 1, 1),
        "the configuration has no name.",
        "Add the line name = \"…\"."));

    // builder= is what files from before 4.10 say; both together must agree, as xl wants it.
    private DomainType ReadType()
    {
        DomainType? type = Word("type", XlWords.Types);
        string? builder = Text("builder");
        DomainType? built = builder switch
        {
            null => null,
            "hvm" => DomainType.HVM,
            "generic" or "linux" => DomainType.PV,
            _ => throw Invalid("builder", "builder must be hvm or generic", "Remove it and write type = \"pv\" or type = \"hvm\"."),
        };
        return type is null || built is null || type == built
            ? type ?? built ?? DomainType.PV
            : throw Invalid("builder", "builder contradicts type", "Remove builder; type says it all.");
    }

    private T? Guard<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (ConfigException error) when (errors is not null)
        {
            errors.Add(error);
            return default;
        }
    }

    private string? Text(string key)
    {
        _taken.Add(key);
        return Guard(() => document.GetString(key));
    }

    private bool? Flag(string key)
    {
        _taken.Add(key);
        return Guard(() => document.GetFlag(key));
    }

    private int? Megabytes(string key) => Number(key, 1, MemorySize.MaxMegabytes);

    private int? Number(string key, int least, int most)
    {
        _taken.Add(key);
        return Guard<int?>(() => document.GetNumber(key) switch
        {
            null => null,
            { } number when number >= least && number <= most => (int)number,
            _ => throw Invalid(key, $"'{key}' must be a number from {least} to {most}", "Write a number in these bounds."),
        });
    }

    private T? Word<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        string? word = Text(key);
        return word is null ? null : Guard<T?>(() => words.TryGetValue(word, out T value) ? value : throw Invalid(
            key,
            $"'{key}' cannot be '{Terminal.Text.Show(word, 40)}'",
            $"Write one of {string.Join(", ", words.Keys)}."));
    }

    private T[] Items<T>(string key, Func<string, T> parse)
        where T : class
    {
        _taken.Add(key);
        return [.. (Guard(() => document.GetList(key)) ?? []).Select(item => Guard(() => Item(item, parse))).OfType<T>()];
    }

    private static T Item<T>(XlConfigAtom item, Func<string, T> parse)
    {
        try
        {
            return parse(item.Text);
        }
        catch (XenDriverDomainException malformed)
        {
            throw new ConfigException(malformed.ErrorId, item.Location, malformed.Message, malformed.Remedy, malformed);
        }
    }

    private ConfigException Invalid(string key, string problem, string remedy) =>
        XlConfigDocument.Invalid(document.GetValue(key)!.Location, problem, remedy);
}
