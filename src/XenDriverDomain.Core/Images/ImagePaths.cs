namespace XenDriverDomain.Images;

/// <summary>Where images are on dom0: a directory for each, by its id, and what is in it.</summary>
internal static class ImagePaths
{
    /// <summary>Where they are unless somebody wants them elsewhere; beside the configurations of driver domains.</summary>
    public const string Directory = "/etc/xen/driver-domains/images";

    /// <summary>The kernel, a copy of dom0's: dom0's own may go with its package while a domain still needs it.</summary>
    public const string Kernel = "vmlinuz";

    /// <summary>The initial RAM disk.</summary>
    public const string Ramdisk = "initrd.gz";

    /// <summary>What went in.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>
    /// The sums of the two, as sha256sum(1) writes and checks them; written last, so that its presence says that all is there.
    /// </summary>
    public const string Sums = "SHA256SUMS";

    /// <summary>All of an image's files, in the order in which they are made.</summary>
    public static IReadOnlyList<string> Files { get; } = [Kernel, Ramdisk, Manifest, Sums];
}
