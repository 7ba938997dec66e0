using System.Text;

namespace XenDriverDomain.Roots;

/// <summary>The files that are laid into a root: where, and what stands in them.</summary>
internal static class RootFiles
{
    /// <summary>What has them recognised.</summary>
    public const string Mark = "# Written by Initialize-XenDriverDomainImage";

    /// <summary>The service that runs <c>xl devd</c>, where the distribution has none.</summary>
    public const string Service = "xen-driver-domain";

    /// <summary>The service that makes the bridge, where the distribution's own network configuration cannot.</summary>
    public const string BridgeService = "xen-driver-domain-bridge";

    /// <summary>The folder of what is ours alone.</summary>
    public const string Folder = "/etc/xen/driver-domain";

    /// <summary>Which modules are loaded at boot, by systemd, Debian's kmod and OpenRC's modules alike.</summary>
    public static RootFile Modules { get; } = new("/etc/modules-load.d/xen-driver-domain.conf", "modules.conf");

    /// <summary>Makes the bridge.</summary>
    public static RootFile BridgeScript { get; } = new(Folder + "/bridge", "bridge", IsProgram: true);

    /// <summary>Puts cards that come later into the bridge.</summary>
    public static RootFile UdevRule { get; } = new("/etc/udev/rules.d/90-xen-driver-domain.rules", "udev.rules");

    /// <summary>devd as a unit of systemd.</summary>
    public static RootFile DevdUnit { get; } = new($"/etc/systemd/system/{Service}.service", "devd.service");

    /// <summary>devd as a script of run levels.</summary>
    public static RootFile DevdInit { get; } = new($"/etc/init.d/{Service}", "devd.init", IsProgram: true);

    /// <summary>devd as a service of OpenRC.</summary>
    public static RootFile DevdOpenRc { get; } = DevdInit with { Resource = "devd.openrc" };

    /// <summary>The bridge as a unit of systemd.</summary>
    public static RootFile BridgeUnit { get; } = new($"/etc/systemd/system/{BridgeService}.service", "bridge.service");

    /// <summary>The bridge as a script of run levels.</summary>
    public static RootFile BridgeInit { get; } = new($"/etc/init.d/{BridgeService}", "bridge.init", IsProgram: true);

    /// <summary>The bridge as a service of OpenRC.</summary>
    public static RootFile BridgeOpenRc { get; } = BridgeInit with { Resource = "bridge.openrc" };

    /// <summary>The bridge as a stanza of ifupdown's.</summary>
    public static RootFile Stanza { get; } = new("/etc/network/interfaces.d/xen-driver-domain", "interfaces");

    /// <summary>The bridge, the cards in it, and that it has no address, for systemd-networkd.</summary>
    public static IReadOnlyList<RootFile> Networkd { get; } =
    [
        new("/etc/systemd/network/10-xen-driver-domain.netdev", "bridge.netdev"),
        new("/etc/systemd/network/10-xen-driver-domain.network", "bridge.network"),
        new("/etc/systemd/network/10-xen-driver-domain-card.network", "card.network"),
    ];

    /// <summary>Has NetworkManager leave cards and vifs alone.</summary>
    public static RootFile NetworkManager { get; } = new("/etc/NetworkManager/conf.d/xen-driver-domain.conf", "NetworkManager.conf");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RootFile> All { get; } =
    [
        Modules, BridgeScript, UdevRule, DevdUnit, DevdInit, BridgeUnit, BridgeInit, Stanza, NetworkManager, .. Networkd,
    ];

    /// <summary>The folders that may have to be made.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        "/etc/modules-load.d", "/etc/udev", "/etc/udev/rules.d", "/etc/systemd", "/etc/systemd/system",
        "/etc/systemd/system/multi-user.target.wants", "/etc/systemd/network", "/etc/network/interfaces.d", "/etc/NetworkManager",
        "/etc/NetworkManager/conf.d", "/etc/xen", Folder, "/var/log", "/var/log/xen", "/etc/init.d", "/etc/runlevels",
        "/etc/runlevels/default",
    ];
}

/// <summary>A file that is laid into a root.</summary>
/// <param name="Path">Its path inside.</param>
/// <param name="Resource">The resource that is its text.</param>
/// <param name="IsProgram">True when it must be executable.</param>
internal sealed record RootFile(string Path, string Resource, bool IsProgram = false)
{
    /// <summary>Its content, with the words that it has for what differs.</summary>
    /// <param name="words">By their names, which stand between <c>@</c> in the text.</param>
    public byte[] Content(params IReadOnlyList<(string Name, string Value)> words)
    {
        using Stream stream = typeof(RootFile).Assembly.GetManifestResourceStream("roots/" + Resource)
            ?? throw new InvalidOperationException($"The resource roots/{Resource} is missing.");
        using StreamReader reader = new(stream);
        StringBuilder text = new(reader.ReadToEnd());
        foreach ((string name, string value) in words)
        {
            text.Replace($"@{name}@", value);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
