namespace XenDriverDomain.Assignment;

/// <summary>How a function goes back to dom0.</summary>
public sealed record RemoveAssignableOptions
{
    /// <summary>Leaves it without a driver instead of giving it back to the recorded one.</summary>
    public bool NoRebind { get; init; }
}
