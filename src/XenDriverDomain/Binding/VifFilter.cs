using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Session;

namespace XenDriverDomain.Binding;

/// <summary>Chooses vifs by guest and back end, by name pattern or domid.</summary>
internal static class VifFilter
{
    internal static bool IsOf(GuestVif vif, IReadOnlyCollection<string>? guests, IReadOnlyCollection<string>? backends) =>
        Matches(guests, vif.Guest, vif.GuestDomid) && Matches(backends, vif.Backend, vif.BackendDomid);

    private static bool Matches(IReadOnlyCollection<string>? patterns, string? name, int domid) =>
        patterns is null
        || patterns.Any(p => (name is not null && NamePattern.Matches(p, name))
            || string.Equals(p, domid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
}
