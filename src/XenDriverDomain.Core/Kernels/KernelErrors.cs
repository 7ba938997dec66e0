using XenDriverDomain.Errors;

namespace XenDriverDomain.Kernels;

/// <summary>The errors of reading what a kernel is made of.</summary>
internal static class KernelErrors
{
    private const string GiveText =
        "Give the kernel's configuration as text (/boot/config-RELEASE) or its modules' directory (/lib/modules/RELEASE).";

    public static XenDriverDomainException PathInvalid(string path) => new(
        ErrorIds.KernelPathInvalid,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(path)}' is no path on dom0: it must begin with / and have no control character.",
        "Give the full path on dom0, such as /boot/config-RELEASE.",
        path);

    public static XenDriverDomainException NotFound(string path) => new(
        ErrorIds.KernelConfigNotFound,
        ErrorKind.NotFound,
        $"There is no file or directory '{Terminal.Text.Show(path)}' on dom0.",
        "Look into /boot and /lib/modules on dom0; nothing in the path is a wildcard.",
        path);

    public static XenDriverDomainException NothingOfRunning(string tried) => new(
        ErrorIds.KernelConfigNotFound,
        ErrorKind.NotFound,
        $"dom0 has no record of how its running kernel was configured: there is none of {tried}.",
        "Give the path of the configuration, of the kernel image or of the modules' directory.");

    public static XenDriverDomainException TooLarge(string path, string what, long limit) => new(
        ErrorIds.KernelConfigTooLarge,
        ErrorKind.Protocol,
        $"'{Terminal.Text.Show(path)}' unpacks to {what} of more than {limit} bytes, larger than any real one.",
        GiveText,
        path);

    public static XenDriverDomainException NotEmbedded(string path) => new(
        ErrorIds.KernelConfigNotEmbedded,
        ErrorKind.NotSupported,
        $"'{Terminal.Text.Show(path)}' carries no kernel configuration: it is no kernel image, or CONFIG_IKCONFIG was not set to y when "
            + "it was built.",
        Instead(path),
        path);

    public static XenDriverDomainException Unsupported(string path, string compression, string unpack) => new(
        ErrorIds.KernelCompressionUnsupported,
        ErrorKind.NotSupported,
        $"'{Terminal.Text.Show(path)}' is compressed with {compression}; only gzip can be unpacked here.",
        $"{Instead(path)} Or unpack it on dom0 first, with {unpack} or with scripts/extract-vmlinux of the kernel's source, and "
            + "give the result.",
        path);

    public static XenDriverDomainException Damaged(string path, string how, Exception? cause = null) => new(
        ErrorIds.KernelImageDamaged,
        ErrorKind.Protocol,
        $"'{Terminal.Text.Show(path)}' is damaged: {how}.",
        "Install the file again, or give another one.",
        path,
        cause);

    public static XenDriverDomainException ModulesIncomplete(string directory, string missing) => new(
        ErrorIds.KernelModulesIncomplete,
        ErrorKind.NotFound,
        $"The directory '{Terminal.Text.Show(directory)}' has no {missing}, so that nothing can be said about what is not in it.",
        "Give a directory /lib/modules/RELEASE of a kernel of version 2.6.33 or later, or the kernel's configuration.",
        directory);

    // vmlinuz-RELEASE lies beside config-RELEASE in every distribution.
    private static string Instead(string path)
    {
        const string Prefix = "vmlinuz-";
        int name = path.LastIndexOf('/') + 1;
        return path.AsSpan(name).StartsWith(Prefix, StringComparison.Ordinal)
            ? $"Try {Terminal.Text.Show(path[..name])}config-{Terminal.Text.Show(path[(name + Prefix.Length)..])}, or the directory "
                + $"/lib/modules/{Terminal.Text.Show(path[(name + Prefix.Length)..])}."
            : GiveText;
    }
}
