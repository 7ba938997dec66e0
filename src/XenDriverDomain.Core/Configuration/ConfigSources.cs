using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>Where the settings of a converted text were written; in an xl.cfg each value knows that itself.</summary>
internal sealed class ConfigSources
{
    private readonly Dictionary<string, ConfigLocation> _settings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ConfigLocation>> _items = new(StringComparer.Ordinal);

    public void Add(string key, ConfigLocation location) => _settings.TryAdd(key, location);

    public void AddItem(string key, ConfigLocation location)
    {
        Add(key, location);
        if (!_items.TryGetValue(key, out List<ConfigLocation>? items))
        {
            _items.Add(key, items = []);
        }

        items.Add(location);
    }

    public ConfigLocation? Of(string key) => _settings.TryGetValue(key, out ConfigLocation location) ? location : null;

    public ConfigLocation? Of(string key, int index) =>
        _items.TryGetValue(key, out List<ConfigLocation>? items) && index < items.Count ? items[index] : null;
}
