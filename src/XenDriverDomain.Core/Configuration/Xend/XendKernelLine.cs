using XenDriverDomain.Configuration.XlCfg;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// The kernel's command line. xm built <c>ip=</c> and <c>nfsroot=</c> from settings of their own (create.py, preprocess_ip and
/// preprocess_nfs); in xl.cfg they are words of extra.
/// </summary>
internal static class XendKernelLine
{
    /// <summary>The value of ip= as xend keeps it, already put together: <c>(image (linux (ip …)))</c>.</summary>
    public const string ReadyIp = "image/ip";

    // What xm puts where the kernel wants a server and there is none.
    private const string NoServer = "127.0.255.255";
    private const string DefaultInterface = "eth0";

    private static readonly string[] s_ipParts = ["ip", "gateway", "netmask", "hostname", "interface", "dhcp", "nfs_server", ReadyIp];

    /// <summary>A part of it; nothing is done before all are known.</summary>
    public static void Note(XendConversion to, XendSetting setting)
    {
        if (to.IsHvm)
        {
            to.Drop(setting, "an HVM guest boots by itself and has no command line from here");
        }
        else
        {
            to.Scalar(setting);
        }
    }

    /// <summary>Writes root and extra, and tells what became of the parts.</summary>
    public static void Finish(XendConversion to)
    {
        if (to.IsHvm)
        {
            return;
        }

        if (Of(to, "root") is { } root)
        {
            WriteRoot(to, root);
        }

        XendSetting? extra = Of(to, "extra");
        string? ip = Ip(to);
        string? nfs = Nfs(to);
        string[] words = [.. ((string?[])[ip, nfs, extra?.Text]).OfType<string>()];
        if (words.Length == 0)
        {
            TellUnused(to, nfs is not null);
            return;
        }

        XlConfigAtom whole = XlConfigAtom.FromString(string.Join(' ', words));
        string line = XendConversion.Line("extra", whole);
        XendSetting first = extra ?? s_ipParts.Append("nfs_root").Select(name => Of(to, name)).OfType<XendSetting>().First();
        const string Why = "xl has the kernel's command line only";
        if (words.Length == 1 && extra is not null)
        {
            to.Map(extra, "extra", whole);
        }
        else
        {
            to.Change(first, "extra", whole, extra is null ? Why : "what xm made of other settings stands before it");
        }

        if (nfs is not null && Of(to, "nfs_root") is { } nfsRoot && nfsRoot != first)
        {
            to.Tell(nfsRoot, ConversionAction.Changed, line, Why);
        }

        if (ip is null)
        {
            TellUnused(to, nfs is not null);
            return;
        }

        foreach (XendSetting part in s_ipParts.Select(name => Of(to, name)).OfType<XendSetting>().Where(p => p != first))
        {
            to.Tell(part, ConversionAction.Changed, line, Why);
        }
    }

    private static void WriteRoot(XendConversion to, XendSetting root)
    {
        const string Prefix = "root=";
        if (root.Text!.StartsWith(Prefix, StringComparison.Ordinal))
        {
            to.Change(root, "root", XlConfigAtom.FromString(root.Text[Prefix.Length..]), "xl puts root= before it");
        }
        else
        {
            to.Map(root, "root", XlConfigAtom.FromString(root.Text));
        }
    }

    private static string? Ip(XendConversion to)
    {
        if (Of(to, ReadyIp) is { } ready)
        {
            return $"ip={ready.Text}";
        }

        string address = Text(to, "ip");
        string dhcp = Text(to, "dhcp") is { Length: > 0 } given ? given : "off";
        if (address.Length == 0 && dhcp == "off")
        {
            return null;
        }

        string server = Text(to, "nfs_server") is { Length: > 0 } named ? named : NoServer;
        string card = Text(to, "interface") is { Length: > 0 } chosen ? chosen : DefaultInterface;
        string whole = $"{address}:{server}:{Text(to, "gateway")}:{Text(to, "netmask")}:{Text(to, "hostname")}:{card}:{dhcp}";
        return whole.StartsWith("ip=", StringComparison.Ordinal) ? whole : $"ip={whole}";
    }

    private static string? Nfs(XendConversion to)
    {
        if (Of(to, "nfs_root") is not { } root)
        {
            return null;
        }

        if (Of(to, "nfs_server") is not { } server)
        {
            to.Refuse(root, "xm wants nfs_server with it");
            return null;
        }

        return $"nfsroot={server.Text}:{root.Text}";
    }

    private static void TellUnused(XendConversion to, bool hasNfs)
    {
        foreach (XendSetting part in s_ipParts.Select(name => Of(to, name)).OfType<XendSetting>())
        {
            if (part.Name == "nfs_server" && hasNfs)
            {
                to.Tell(part, ConversionAction.Changed, null, "it stands in nfsroot= on the kernel's command line");
            }
            else
            {
                to.Drop(part, part.Name == "dhcp" ? "off is what there is without it" : "xm used it together with ip or dhcp only");
            }
        }
    }

    private static XendSetting? Of(XendConversion to, string name) => to.Find(name) is { Text: not null } setting ? setting : null;

    private static string Text(XendConversion to, string name) => Of(to, name)?.Text ?? string.Empty;
}
