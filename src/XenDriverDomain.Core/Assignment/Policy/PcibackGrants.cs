namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// What pciback was told to let the guest of a device write. It forgets both when the device leaves it, so whoever may have to bring
/// the device back looks first.
/// </summary>
/// <param name="IsPermissive">All of the configuration space.</param>
/// <param name="Fields">These fields, as they were written down.</param>
/// <param name="IsRecorded">True when xenstore has a record of this module's for the device, be it of an earlier binding.</param>
internal sealed record PcibackGrants(bool IsPermissive, IReadOnlyList<RecordedField> Fields, bool IsRecorded)
{
    /// <summary>Nothing: pciback does not have the device.</summary>
    public static PcibackGrants None { get; } = new(false, [], false);
}
