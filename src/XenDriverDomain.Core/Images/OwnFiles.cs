using System.Reflection;
using System.Text;

namespace XenDriverDomain.Images;

/// <summary>What is in an image and not from dom0: its first process, and what that is told.</summary>
internal static class OwnFiles
{
    private const string Folder = "/etc/xen-driver-domain";

    /// <summary>Those that do not depend on the image's id.</summary>
    /// <param name="request">What the image is for.</param>
    /// <param name="modules">Files of modules, in the order of loading.</param>
    /// <param name="place">Where a path is, links among the directories followed.</param>
    public static IEnumerable<ImageEntry> All(ImageRequest request, IEnumerable<string> modules, Func<string, string> place)
    {
        return
        [
            Script(InsideFiles.Init, InsideFiles.Init),
            .. ((string[])["/sbin/poweroff", "/sbin/reboot"]).Select(path => Script(path, InsideFiles.PowerOff)),
            .. request.HasDhcp ? (ImageEntry[])[Script(InsideFiles.Dhcp, InsideFiles.Dhcp)] : [],
            new OwnFileEntry($"{Folder}/modules", Encoding.UTF8.GetBytes(string.Concat(modules.Select(path => path + "\n"))), false),
        ];

        OwnFileEntry Script(string path, string source) => new(place(path), InsideFiles.ContentOf(source), true);
    }

    /// <summary>What Xen's scripts need of ifconfig(8), where dom0 has none.</summary>
    public static OwnFileEntry IfConfig(string path) => new(path, InsideFiles.ContentOf(InsideFiles.IfConfig), true);

    /// <summary>What an inside knows of itself.</summary>
    public static OwnFileEntry Told(string id, string role, string xenVersion) => new(
        $"{Folder}/image",
        Encoding.UTF8.GetBytes($"id={id}\nrole={role}\nxen={xenVersion}\nmade-by={Version}\n"),
        false);

    /// <summary>The version of this module.</summary>
    public static string Version { get; } =
        (typeof(OwnFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
