namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A file is no snapshot of a host, or breaks a rule of the format.</summary>
    public const string SnapshotMalformed = nameof(SnapshotMalformed);

    /// <summary>A snapshot has a version of the format that this module does not know.</summary>
    public const string SnapshotVersionUnknown = nameof(SnapshotVersionUnknown);

    /// <summary>A snapshot is larger than any that is read.</summary>
    public const string SnapshotTooLarge = nameof(SnapshotTooLarge);
}
