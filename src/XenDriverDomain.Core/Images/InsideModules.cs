namespace XenDriverDomain.Images;

/// <summary>The modules that an inside needs beside the drivers of its cards (Xen's front and back ends, what they stand on).</summary>
internal static class InsideModules
{
    // xenstore, event channels, grants, and the bus that the cards are on.
    private static readonly string[] s_always = ["xen-evtchn", "xen-privcmd", "xen-gntdev", "xen-gntalloc", "xenfs", "xen-pcifront"];

    /// <summary>Their names, in the order of loading.</summary>
    public static IReadOnlyList<string> For(ImageRequest request) =>
    [
        .. s_always,
        .. request.Role == DriverDomainRole.Disk ? (string[])[] : ["xen-netback", "bridge"],
        .. request.Role == DriverDomainRole.Network ? (string[])[] : ["xen-blkback", "loop", "sd_mod"],
        .. request.HasDhcp ? (string[])["af_packet"] : [],
        .. request.HasVlan ? (string[])["8021q"] : [],
    ];
}
