namespace XenDriverDomain.Assignment.Policy;

/// <summary>A field that was stored in pciback without an error, as it was written down.</summary>
/// <param name="Field">The field.</param>
/// <param name="Source">Who stored it: a command, or the policy.</param>
internal sealed record RecordedField(PciConfigField Field, PciQuirkSource Source)
{
    private const string PolicyWord = "policy";

    /// <summary>Reads what <see cref="ToString"/> writes; null when it is something else.</summary>
    public static RecordedField? TryParse(string text) => text.Split(' ') switch
    {
        [var field] when PciConfigField.TryParse(field, out PciConfigField read, out _) => new RecordedField(read, PciQuirkSource.Command),
        [var field, PolicyWord] when PciConfigField.TryParse(field, out PciConfigField read, out _) =>
            new RecordedField(read, PciQuirkSource.Policy),
        _ => null,
    };

    /// <summary>As it is written down: 00000078:4:00000000, followed by "policy" where that was the reason.</summary>
    public override string ToString() => Source == PciQuirkSource.Policy ? $"{Field} {PolicyWord}" : Field.ToString();
}
