using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The host's policy, where it is kept.</summary>
internal static class PolicyFile
{
    /// <summary>Its folder, which is that of driver domains' configurations.</summary>
    public const string Folder = "/etc/xen/driver-domains";

    /// <summary>The file.</summary>
    public const string Path = Folder + "/pci-policy.conf";

    /// <summary>Where xend had its own, which an administrator may import.</summary>
    public static IReadOnlyList<string> Xends { get; } = ["/etc/xen/xend-pci-quirks.sxp", "/etc/xen/xend-pci-permissive.sxp"];

    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads the host's policy; empty when there is none.</summary>
    public static async Task<IReadOnlyList<PciPolicyRule>> ReadAsync(IDom0Files files, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(files, Path, cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.PciPolicyNotFound)
        {
            return [];
        }
    }

    /// <summary>Reads any policy file: what begins with a parenthesis is one of xend's.</summary>
    /// <exception cref="XenDriverDomainException">PciPolicyNotFound, or what is wrong in it.</exception>
    public static async Task<IReadOnlyList<PciPolicyRule>> ReadAsync(IDom0Files files, string path, CancellationToken cancellationToken)
    {
        if (!path.StartsWith('/') || path.Any(char.IsControl))
        {
            throw NotFound(path, "is no full path on dom0", null);
        }

        try
        {
            string text = Encoding.UTF8.GetString(await files.ReadAsync(path, MaxBytes, cancellationToken).ConfigureAwait(false));
            bool isXends = text.Split('\n').Select(line => line.TrimStart())
                .FirstOrDefault(line => line.Length > 0 && line[0] != '#')?.StartsWith('(') == true;
            return isXends ? XendPolicyReader.Parse(text, path) : PciPolicyText.Parse(text, path);
        }
        catch (HostFileException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EISDIR)
        {
            throw NotFound(path, "is no file on dom0", e);
        }
    }

    private static XenDriverDomainException NotFound(string path, string why, HostFileException? cause) => new(
        ErrorIds.PciPolicyNotFound,
        ErrorKind.NotFound,
        $"{Terminal.Text.Show(path)} {why}.",
        "Name the file with its full path on dom0, such as /etc/xen/xend-pci-quirks.sxp.",
        path,
        cause);
}
