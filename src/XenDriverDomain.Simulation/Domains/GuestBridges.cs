namespace XenDriverDomain.Simulation.Domains;

/// <summary>The bridges that a guest's image makes; the one without a name are its routes.</summary>
internal sealed class GuestBridges : IBridges
{
    private readonly Dictionary<string, bool> _bridges = new(StringComparer.Ordinal);

    /// <summary>Makes a bridge without a card.</summary>
    public void Add(string name) => _bridges[name] = false;

    /// <summary>Takes a bridge away.</summary>
    public void Remove(string name) => _bridges.Remove(name);

    /// <summary>Puts a card into every bridge, or takes it out.</summary>
    public void SetUplink(bool hasCard)
    {
        foreach (string name in _bridges.Keys.ToArray())
        {
            _bridges[name] = hasCard;
        }
    }

    /// <inheritdoc/>
    public bool Has(string name) => _bridges.ContainsKey(name);

    /// <inheritdoc/>
    public bool HasUplink(string name) => _bridges.GetValueOrDefault(name);
}
