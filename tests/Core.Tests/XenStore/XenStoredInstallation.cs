namespace XenDriverDomain.Tests.XenStore;

/// <summary>What the machine has for running a real xenstored, and why it cannot where it cannot.</summary>
internal static class XenStoredInstallation
{
    public const string C = "xenstored";

    public const string OCaml = "oxenstored";

    public const string Simulated = "the simulated xenstored";

    // The preload library answers the functions of this version's libraries.
    private const string Binaries = "/usr/lib/xen-4.17/bin";

    public static string PathOf(string daemon) => Path.Combine(Binaries, daemon);

    public static string? Compiler { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, "gcc"))
        .FirstOrDefault(File.Exists);

    public static string? PreloadSource { get; } = FindSource();

    /// <summary>Why a daemon cannot run here; null when it can.</summary>
    public static string? WhyNot(string daemon)
    {
        if (daemon == Simulated)
        {
            return null;
        }

        if (!File.Exists(PathOf(daemon)))
        {
            return $"there is no {PathOf(daemon)} (Debian's package xen-utils-4.17)";
        }

        return Compiler is null ? "there is no gcc to build the preload library with"
            : PreloadSource is null ? "the preload library's source is not above the tests' directory"
            : null;
    }

    private static string? FindSource()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string source = Path.Combine(at.FullName, "tests/Core.Tests/XenStore/Native/no-hypervisor.c");
            if (File.Exists(source))
            {
                return source;
            }
        }

        return null;
    }
}
