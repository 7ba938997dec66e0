namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// What pciback was told to let the guest of a device write. It forgets both when the device leaves it, so whoever may have to bring
/// the device back looks first.
/// </summary>
/// <param name="IsPermissive">All of the configuration space.</param>
/// <param name="Fields">
/// These fields, among them those that pciback knows by itself; null when its list did not show them, or not whose they are.
/// </param>
internal sealed record PcibackGrants(bool IsPermissive, IReadOnlyList<PciConfigField>? Fields)
{
    /// <summary>Nothing: pciback does not have the device.</summary>
    public static PcibackGrants None { get; } = new(false, []);
}
