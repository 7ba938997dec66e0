namespace XenDriverDomain.XenStore;

/// <summary>
/// Where this module keeps what it must still know after pwsh was killed: below dom0's own home in xenstore, which only dom0 can
/// read or write. A record here goes with what it describes: xenstored keeps nothing over a boot of the host, and neither do pciback's
/// settings, domains and their front ends.
/// </summary>
internal static class OwnRecords
{
    /// <summary>The name of their root.</summary>
    public const string Name = "xendriverdomain";

    /// <summary>The one root of all of them.</summary>
    public static readonly XenStorePath Root = XenStorePath.Parse("/local/domain/0/" + Name);

    /// <summary>The throw-away devices that probe driver domains.</summary>
    public static readonly XenStorePath Probes = Root / "probe";

    /// <summary>The clients of driver domains that were cut off and are to come back.</summary>
    public static readonly XenStorePath Clients = Root / "clients";

    /// <summary>What was set in pciback for a function, which pciback itself cannot be asked for.</summary>
    public static readonly XenStorePath Pci = Root / "pci";

    private static readonly XenStorePermission[] s_dom0Only = [new(XenStoreAccess.None, 0)];

    /// <summary>Makes a folder that no guest can read; whatever is made in it later inherits that (xenstored, construct_node).</summary>
    /// <param name="tree">The store, or a transaction in it.</param>
    /// <param name="folder">The folder, below <see cref="Root"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask MakeFolderAsync(IXenStore tree, XenStorePath folder, CancellationToken cancellationToken)
    {
        await tree.MakeDirectoryAsync(folder, cancellationToken).ConfigureAwait(false);
        await tree.SetPermissionsAsync(folder, s_dom0Only, cancellationToken).ConfigureAwait(false);
    }
}
