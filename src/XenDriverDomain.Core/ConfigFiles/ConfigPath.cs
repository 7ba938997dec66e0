using XenDriverDomain.Errors;

namespace XenDriverDomain.ConfigFiles;

/// <summary>The rules for the path of a configuration file on dom0.</summary>
internal static class ConfigPath
{
    /// <summary>The longest path, PATH_MAX less a temporary file's suffix.</summary>
    private const int MaxLength = 4000;

    /// <summary>Returns a path that can be used.</summary>
    /// <exception cref="XenDriverDomainException">DomainConfigPathInvalid: relative, or with control characters; xl takes a word
    /// that begins with '-' for an option and one with '=' for a setting (xl_vmcontrol.c, main_create).</exception>
    public static string Check(string path) => WhyNot(path) is { } why
        ? throw new XenDriverDomainException(
            ErrorIds.DomainConfigPathInvalid,
            ErrorKind.InvalidArgument,
            $"'{Terminal.Text.Show(path)}' cannot be the path of a configuration file: {why}.",
            "Give the full path of the file on dom0, such as /etc/xen/guest.cfg.",
            path)
        : path;

    private static string? WhyNot(string path) =>
        path.Length == 0 ? "it is empty"
        : path[0] != '/' ? "it must begin with a slash; there is no current directory on dom0"
        : path[^1] == '/' ? "it names a directory"
        : path.Length > MaxLength ? $"it is longer than {MaxLength} characters"
        : path.Any(char.IsControl) ? "it has control characters"
        : path.Contains('=', StringComparison.Ordinal) ? "xl would take a word with '=' for a setting"
        : path.Split('/').Any(p => p is "..") ? "it must not go up with '..'"
        : null;
}
