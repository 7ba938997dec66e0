using XenDriverDomain.Domains;

namespace XenDriverDomain.Configuration;

/// <summary>xl.cfg's words for the enumerations.</summary>
internal static class XlWords
{
    public static readonly IReadOnlyDictionary<string, DomainType> Types = new Dictionary<string, DomainType>
    {
        ["pv"] = DomainType.PV,
        ["hvm"] = DomainType.HVM,
        ["pvh"] = DomainType.PVH,
    };

    public static readonly IReadOnlyDictionary<string, DomainAction> Actions = new Dictionary<string, DomainAction>
    {
        ["destroy"] = DomainAction.Destroy,
        ["restart"] = DomainAction.Restart,
        ["rename-restart"] = DomainAction.RenameRestart,
        ["preserve"] = DomainAction.Preserve,
        ["coredump-destroy"] = DomainAction.CoredumpDestroy,
        ["coredump-restart"] = DomainAction.CoredumpRestart,
        ["soft-reset"] = DomainAction.SoftReset,
    };

    public static readonly IReadOnlyDictionary<string, PassthroughMode> PassthroughModes = new Dictionary<string, PassthroughMode>
    {
        ["default"] = PassthroughMode.Default,
        ["disabled"] = PassthroughMode.Disabled,
        ["enabled"] = PassthroughMode.Enabled,
        ["sync_pt"] = PassthroughMode.SyncPt,
        ["share_pt"] = PassthroughMode.SharePt,
    };

    public static string WordFor<T>(this IReadOnlyDictionary<string, T> words, T value) =>
        words.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key;
}
