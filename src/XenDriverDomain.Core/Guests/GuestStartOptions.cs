using XenDriverDomain.Changes;

namespace XenDriverDomain.Guests;

/// <summary>How a guest is started.</summary>
public sealed record GuestStartOptions
{
    /// <summary>How long it may take until its interfaces are connected.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the domain exists.</summary>
    public bool NoWait { get; init; }

    /// <summary>What stands behind the file's name in <c>xm create FILE beid=4</c>; a list is given once for each of its elements.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];
}
