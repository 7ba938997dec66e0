namespace XenDriverDomain.Images;

/// <summary>
/// What is our own in the inside of a driver domain: scripts for any POSIX shell, which lie in the folder Inside. All may be run.
/// </summary>
internal static class InsideFiles
{
    /// <summary>The first process: modules, network, devd, and the report of the domain about itself.</summary>
    internal const string Init = "/init";

    /// <summary>What the kernel runs for a shutdown; under the name of <see cref="Reboot"/> it is for a reboot.</summary>
    internal const string PowerOff = "/usr/sbin/poweroff";

    /// <summary>A link to <see cref="PowerOff"/>.</summary>
    internal const string Reboot = "/usr/sbin/reboot";

    /// <summary>What udhcpc runs; only for a network.</summary>
    internal const string Dhcp = "/etc/xen-driver-domain/dhcp";

    /// <summary>What vif-route and vif-nat want, when neither dom0's busybox nor its net-tools have it.</summary>
    internal const string IfConfig = "/usr/sbin/ifconfig";

    /// <summary>The content of one of them.</summary>
    /// <param name="path">Its path in the inside.</param>
    internal static byte[] ContentOf(string path)
    {
        using Stream stream = typeof(InsideFiles).Assembly.GetManifestResourceStream("inside/" + Path.GetFileName(path))
            ?? throw new ArgumentException($"There is no '{path}' among our files.", nameof(path));
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
