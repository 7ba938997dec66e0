namespace XenDriverDomain.Simulation.Domains;

/// <summary>The bridges inside a domain.</summary>
internal interface IBridges
{
    /// <summary>True when there is one of this name.</summary>
    bool Has(string name);

    /// <summary>True when a network card is in it, so that packets leave the host.</summary>
    bool HasUplink(string name);
}
