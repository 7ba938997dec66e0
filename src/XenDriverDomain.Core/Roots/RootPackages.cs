namespace XenDriverDomain.Roots;

/// <summary>What a root can lack that a package brings.</summary>
internal enum RootPart
{
    Xl,
    Scripts,
    XenStoreTools,
    Bash,
    Ip,
    Init,
}

/// <summary>Which package of a distribution brings what.</summary>
internal static class RootPackages
{
    /// <summary>Says what to install, and how.</summary>
    /// <param name="root">The root.</param>
    /// <param name="part">What is missing.</param>
    /// <param name="xenVersion">dom0's version of Xen, such as 4.17; null when it is not known.</param>
    public static string Remedy(RootFacts root, RootPart part, string? xenVersion)
    {
        foreach (string distribution in root.Distributions)
        {
            if (Of(distribution, part, xenVersion ?? "VERSION") is var (install, packages))
            {
                return $"Install {packages} in the root ({install} {packages}, run in it).";
            }
        }

        return $"Install the package with {Words(part)} in the root.";
    }

    private static (string Install, string Packages)? Of(string distribution, RootPart part, string version) => distribution switch
    {
        "debian" or "ubuntu" => ("apt-get install", part switch
        {
            RootPart.Xl => $"xen-utils-{version}",
            RootPart.Scripts => "xen-utils-common",
            RootPart.XenStoreTools => "xenstore-utils",
            RootPart.Bash => "bash",
            RootPart.Ip => "iproute2",
            _ => "systemd-sysv",
        }),
        "fedora" or "rhel" or "centos" => ("dnf install", part switch
        {
            RootPart.Bash => "bash",
            RootPart.Ip => "iproute",
            RootPart.Init => "systemd",
            _ => "xen-runtime",
        }),
        "suse" or "opensuse" or "opensuse-tumbleweed" or "opensuse-leap" => ("zypper install", part switch
        {
            RootPart.XenStoreTools => "xen-tools-domU",
            RootPart.Bash => "bash",
            RootPart.Ip => "iproute2",
            RootPart.Init => "systemd-sysvinit",
            _ => "xen-tools",
        }),
        "alpine" => ("apk add", part switch
        {
            RootPart.Bash => "bash",
            RootPart.Ip => "iproute2",
            RootPart.Init => "openrc",
            _ => "xen",
        }),
        "arch" => ("pacman -S", part switch
        {
            RootPart.Bash => "bash",
            RootPart.Ip => "iproute2",
            RootPart.Init => "systemd-sysvcompat",

            // It is built by hand from the user repository.
            _ => "xen",
        }),
        _ => null,
    };

    private static string Words(RootPart part) => part switch
    {
        RootPart.Xl => "Xen's xl",
        RootPart.Scripts => "Xen's hotplug scripts",
        RootPart.XenStoreTools => "the xenstore tools (xenstore-read, xenstore-write)",
        RootPart.Bash => "bash",
        RootPart.Ip => "ip (iproute2)",
        _ => "an init system",
    };
}
