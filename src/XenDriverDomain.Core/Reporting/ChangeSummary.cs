namespace XenDriverDomain.Reporting;

/// <summary>What became of several changes that one command was to make.</summary>
public sealed record ChangeSummary
{
    /// <summary>The cmdlet.</summary>
    public required string Command { get; init; }

    /// <summary>How many changes were carried out.</summary>
    public int Changed { get; init; }

    /// <summary>How many were so already.</summary>
    public int Unchanged { get; init; }

    /// <summary>How many were refused, or failed and were undone; the errors say why.</summary>
    public int Failed { get; init; }

    /// <summary>How long all took, by the clock of the machine on which the command ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>A line that says it.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Command}: {Changed} changed, {Unchanged} so already, {Failed} failed, in {Duration.TotalSeconds:0.0} s");
}
