namespace XenDriverDomain.Access;

/// <summary>How a program on dom0 ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + N when signal N ended it.</param>
/// <param name="StandardOutput">What it printed, decoded as UTF-8.</param>
/// <param name="StandardError">What it complained, decoded as UTF-8.</param>
public sealed record CommandResult(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>True when one of the outputs was longer than the request's limit and is cut.</summary>
    public bool Truncated { get; init; }
}
