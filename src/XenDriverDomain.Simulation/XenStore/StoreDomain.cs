using System.Globalization;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>A domain as xenstored knows it, and what it uses. The store's lock guards it.</summary>
/// <param name="domid">Its number.</param>
internal sealed class StoreDomain(int domid)
{
    /// <summary>Its number.</summary>
    public int Domid => domid;

    /// <summary>True for dom0, to which neither permissions nor quotas apply.</summary>
    public bool IsPrivileged => domid == 0;

    /// <summary>Where its relative paths begin.</summary>
    public string Home { get; } = HomeOf(domid);

    /// <summary>True between its introduction and its release.</summary>
    public bool IsIntroduced { get; set; } = domid == 0;

    /// <summary>The domain whose rights it has as well (a device model's guest); null for none.</summary>
    public int? Target { get; set; }

    /// <summary>The nodes it owns.</summary>
    public int Nodes { get; set; }

    /// <summary>The watches it has.</summary>
    public int Watches { get; set; }

    /// <summary>The home of a domain.</summary>
    public static string HomeOf(int domid) => "/local/domain/" + domid.ToString(CultureInfo.InvariantCulture);

    /// <summary>True when permissions of a domain are also its own.</summary>
    public bool ActsAs(int other) => other == domid || other == Target;
}
