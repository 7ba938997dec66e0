using System.Globalization;
using System.Text;

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
    public static readonly XenStorePath Root = XenPaths.Home(0) / Name;

    /// <summary>The throw-away devices that probe driver domains.</summary>
    public static readonly XenStorePath Probes = Root / "probe";

    /// <summary>The clients of driver domains that were cut off and are to come back.</summary>
    public static readonly XenStorePath Clients = Root / "clients";

    /// <summary>Which domids driver domains had, so that what a dead one backed is known to have been its own.</summary>
    public static readonly XenStorePath Servers = Root / "servers";

    /// <summary>What was set in pciback for a function, which pciback itself cannot be asked for.</summary>
    public static readonly XenStorePath Pci = Root / "pci";

    private const string HexDigits = "0123456789abcdef";

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

    /// <summary>
    /// A domain's name as a part of a path: letters, digits and '-' stay, every other byte of its UTF-8 becomes <c>_xx</c>, since xl lets
    /// a name have more than xenstore lets a path.
    /// </summary>
    public static string Encode(string name)
    {
        StringBuilder text = new(name.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b == '-')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('_').Append(HexDigits[b >> 4]).Append(HexDigits[b & 15]);
            }
        }

        return text.ToString();
    }

    /// <summary>The name that was encoded; null when the text is none of ours.</summary>
    public static string? Decode(string encoded)
    {
        List<byte> bytes = new(encoded.Length);
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '_')
            {
                bytes.Add((byte)encoded[i]);
                continue;
            }

            if (i + 2 >= encoded.Length || !byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out byte value))
            {
                return null;
            }

            bytes.Add(value);
            i += 2;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
