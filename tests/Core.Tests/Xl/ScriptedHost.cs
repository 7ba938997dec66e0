using XenDriverDomain.Access;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Xl;

/// <summary>Makes hosts of scripted parts.</summary>
internal static class ScriptedHost
{
    public static Dom0 Create(IDom0Commands commands, IDom0Files? files = null, IXenStoreClient? store = null) => new(
        "test",
        files ?? new PlacesOnly(),
        commands,
        null!,
        (_, _) => store is null ? throw new InvalidOperationException("This host has no xenstored.") : ValueTask.FromResult(store),
        TimeProvider.System);
}
