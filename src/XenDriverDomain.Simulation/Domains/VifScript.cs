using System.Globalization;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// The hotplug script of a network back end, as it works in a domain (tools/hotplug/Linux/vif-bridge, xen-network-common.sh).
/// </summary>
/// <param name="kernel">The domain.</param>
/// <param name="bridges">Its bridges.</param>
/// <param name="netback">Its network back end, at the time of the script.</param>
internal sealed class VifScript(Kernel kernel, IBridges bridges, Func<Netback?> netback)
{
    private const int DefaultMtu = 1500;

    /// <summary>What it fails with before it has done anything; null when its tools are there.</summary>
    public Func<string?> Complaint { get; init; } = () => null;

    /// <summary>Brings an interface up.</summary>
    /// <returns>The script's complaint; null when it succeeded.</returns>
    public string? Online(string path)
    {
        string? complaint = Work(path);
        if (complaint is not null)
        {
            kernel.Store.Write($"{path}/hotplug-error", complaint);
        }

        kernel.Store.Write($"{path}/hotplug-status", complaint is null ? "connected" : "error");
        return complaint;
    }

    /// <summary>Takes an interface down.</summary>
    public void Offline(string path) => netback()?.Join(path, null);

    private string? Work(string path)
    {
        if (Complaint() is { } complaint)
        {
            return complaint;
        }

        string bridge = kernel.Store.TryRead($"{path}/bridge") ?? string.Empty;
        string script = kernel.Store.TryRead($"{path}/script") ?? string.Empty;
        if (bridges.Has(string.Empty)
            && (script.EndsWith("/vif-route", StringComparison.Ordinal) || script.EndsWith("/vif-nat", StringComparison.Ordinal)))
        {
            netback()?.Join(path, string.Empty);
            return null;
        }

        if (!script.EndsWith("/vif-bridge", StringComparison.Ordinal))
        {
            return $"{script}: No such file or directory";
        }

        if (bridge.Length == 0)
        {
            return "Could not find bridge, and none was specified";
        }

        if (!bridges.Has(bridge))
        {
            return $"Could not find bridge device {bridge}";
        }

        int mtu = kernel.Store.ReadNumber($"{path}/mtu") ?? DefaultMtu;
        string[] parts = path.Split('/');
        string frontendMtu = $"/local/domain/{parts[^2]}/device/vif/{parts[^1]}/mtu";
        if (!kernel.Store.Write(frontendMtu, mtu.ToString(CultureInfo.InvariantCulture)))
        {
            return $"Writing {frontendMtu} {mtu} to xenstore failed.";
        }

        netback()?.Join(path, bridge);
        return null;
    }
}
