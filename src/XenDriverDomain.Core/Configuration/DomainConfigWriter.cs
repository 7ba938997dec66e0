using System.Text;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Network;

namespace XenDriverDomain.Configuration;

/// <summary>
/// Writes a configuration as xl.cfg that every xl since 4.2 reads: LF, no BOM, lower-case keys, decimal numbers, 0 and 1.
/// </summary>
internal static class DomainConfigWriter
{
    public const string BridgeNote = "bridge";

    private const string Head = "# Written by XenDriverDomain. Comments and settings that you add are kept.\n";

    public static XlConfigDocument Write(DomainConfiguration configuration)
    {
        StringBuilder text = new(Head);
        Add(text, "name", configuration.Name);
        Add(text, "type", XlWords.Types.WordFor(configuration.Type));
        Add(text, "memory", configuration.MemoryMB);
        Add(text, "maxmem", configuration.MaxMemoryMB ?? (configuration.Type == DomainType.HVM ? configuration.MemoryMB : null));
        Add(text, "vcpus", configuration.Vcpus);
        Add(text, "kernel", configuration.Kernel);
        Add(text, "ramdisk", configuration.Ramdisk);
        Add(text, "cmdline", configuration.CommandLine);
        Add(text, "root", configuration.Root);
        Add(text, "extra", configuration.ExtraArguments);
        Add(text, "driver_domain", configuration.IsDriverDomain ? 1 : null);
        Add(text, "passthrough", configuration.Passthrough is { } mode ? XlWords.PassthroughModes.WordFor(mode) : null);
        Add(text, "e820_host", configuration.E820Host is { } e820 ? e820 ? 1 : 0 : null);
        Add(text, "pci", configuration.PciDevices);
        Add(text, "vif", configuration.Vifs);
        Add(text, "disk", configuration.Disks);
        Add(text, "on_poweroff", configuration.OnPoweroff);
        Add(text, "on_reboot", configuration.OnReboot);
        Add(text, "on_crash", configuration.OnCrash);
        foreach ((string key, XlConfigValue value) in configuration.Other)
        {
            XlConfigText.CheckKey(key);
            AddLiteral(text, key, XlConfigText.Write(value));
        }

        XlConfigDocument document = XlConfigDocument.Parse(text.ToString());
        return configuration.Bridge is { } bridge ? document.WithNote(BridgeNote, InterfaceName.Check(bridge)) : document;
    }

    private static void Add(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            AddLiteral(text, key, XlConfigText.Quote(value));
        }
    }

    private static void Add(StringBuilder text, string key, int? value)
    {
        if (value is { } number)
        {
            AddLiteral(text, key, XlConfigText.Number(number));
        }
    }

    private static void Add(StringBuilder text, string key, DomainAction? value) =>
        Add(text, key, value is { } action ? XlWords.Actions.WordFor(action) : null);

    private static void Add<T>(StringBuilder text, string key, IReadOnlyList<T> items)
        where T : notnull
    {
        if (items.Count > 0)
        {
            AddLiteral(text, key, $"[ {string.Join(", ", items.Select(item => XlConfigText.Quote(item.ToString()!, '\'')))} ]");
        }
    }

    private static void AddLiteral(StringBuilder text, string key, string literal) =>
        text.Append(key).Append(" = ").Append(literal).Append('\n');
}
