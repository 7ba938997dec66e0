using System.Reflection;
using System.Text;
using XenDriverDomain.Images.Inside;

namespace XenDriverDomain.Images;

/// <summary>What is in an image and not from dom0: its first process, and what that is told.</summary>
internal static class OwnFiles
{
    private const string Folder = "/etc/xen-driver-domain";

    /// <summary>Those that do not depend on the image's id.</summary>
    /// <param name="request">What the image is for.</param>
    /// <param name="modules">Files of modules, in the order of loading.</param>
    /// <param name="place">Where a path is, links among the directories followed.</param>
    public static IEnumerable<ImageEntry> All(ImageRequest request, IEnumerable<string> modules, Func<string, string> place) =>
    [
        new OwnFileEntry("/init", InsideFiles.Init, true),
        .. ((string[])["/sbin/poweroff", "/sbin/reboot", "/sbin/halt"]).Select(path => new OwnFileEntry(place(path), InsideFiles.PowerOff, true)),
        .. request.HasDhcp ? (ImageEntry[])[new OwnFileEntry($"{Folder}/dhcp", InsideFiles.Dhcp, true)] : [],
        new OwnFileEntry($"{Folder}/modules", Encoding.UTF8.GetBytes(string.Concat(modules.Select(path => path + "\n"))), false),
    ];

    /// <summary>What an inside knows of itself.</summary>
    public static OwnFileEntry Told(string id, string role, string xenVersion) => new(
        $"{Folder}/image",
        Encoding.UTF8.GetBytes($"id={id}\nrole={role}\nxen={xenVersion}\nmade-by={Version}\n"),
        false);

    /// <summary>The version of this module.</summary>
    public static string Version { get; } =
        (typeof(OwnFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
