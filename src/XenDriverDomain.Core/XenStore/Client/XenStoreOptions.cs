namespace XenDriverDomain.XenStore.Client;

/// <summary>The bounds of a <see cref="XenStoreClient"/>; the defaults suit a dom0.</summary>
internal sealed record XenStoreOptions
{
    /// <summary>The most requests that wait for their replies at a time; more wait on this side.</summary>
    public int MaxOutstanding { get; init; } = 32;

    /// <summary>
    /// A request that has no reply after this long, or a message that has begun and not ended, ends the connection: xenstored
    /// answers in microseconds, so a silence of this length is a dead peer.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most different paths of events that a watch keeps; beyond it gives its own path, for "look at everything again".
    /// </summary>
    public int MaxPendingEvents { get; init; } = 1024;

    /// <summary>The most bytes of one list of children.</summary>
    public int MaxListBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The most names in one list of children.</summary>
    public int MaxListNames { get; init; } = 200_000;

    /// <summary>How often reading a long list in parts is begun again because the node changed meanwhile.</summary>
    public int MaxListRestarts { get; init; } = 10;

    /// <summary>How often a transaction is run before its conflicts become an error.</summary>
    public int TransactionAttempts { get; init; } = 20;

    /// <summary>Throws when a bound makes no sense.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOutstanding, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxListBytes, Wire.MessageHeader.PayloadMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxListNames, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxListRestarts);
        ArgumentOutOfRangeException.ThrowIfLessThan(TransactionAttempts, 1);
    }
}
