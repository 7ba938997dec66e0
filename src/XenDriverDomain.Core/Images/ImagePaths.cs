using XenDriverDomain.Access;
using XenDriverDomain.Errors;

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

    /// <summary>The directory of images that a user means; null for the usual one.</summary>
    /// <exception cref="XenDriverDomainException">ImagePathInvalid.</exception>
    public static string Folder(string? path)
    {
        string folder = (path ?? Directory).TrimEnd('/');
        string? why = !folder.StartsWith('/') ? "it is not a full path"
            : folder.Contains('*') || !BulkPath.IsAllowed(folder) ? "blanks, quotes, wildcards and control characters are not taken there"
            : folder.Split('/').Any(part => part is "." or "..") ? "it must not go up with '..'"
            : null;
        return why is null ? folder : throw new XenDriverDomainException(
            ErrorIds.ImagePathInvalid,
            ErrorKind.InvalidArgument,
            $"'{Terminal.Text.Show(path!)}' cannot be a directory of images: {why}.",
            "Give the full path of a directory on dom0, such as /srv/images.",
            path);
    }

    /// <summary>All of an image's files, in the order in which they are made.</summary>
    public static IReadOnlyList<string> Files { get; } = [Kernel, Ramdisk, Manifest, Sums];
}
