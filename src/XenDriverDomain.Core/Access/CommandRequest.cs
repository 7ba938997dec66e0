namespace XenDriverDomain.Access;

/// <summary>A program to run on dom0.</summary>
/// <param name="Program">A name looked up in PATH (extended by /usr/sbin and /sbin), or an absolute path.</param>
/// <param name="Arguments">The argument vector, without the program's own name; any byte but NUL is passed on as it is.</param>
internal sealed record CommandRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>What the program reads from its standard input; empty means that it reads end of file at once.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>After this long the process tree is ended and HostCommandTimedOut thrown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Whether the program changes nothing. A cancellation then need not wait until a remote dom0 confirms that it is dead,
    /// as what comes next does not depend on it.
    /// </summary>
    public bool OnlyLooks { get; init; }

    /// <summary>The most bytes kept of each of the two outputs; what is beyond is discarded and marked in the result.</summary>
    public int OutputLimit { get; init; } = 16 * 1024 * 1024;
}

/// <summary>How a program on dom0 ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + N when signal N ended it.</param>
/// <param name="StandardOutput">What it printed, decoded as UTF-8.</param>
/// <param name="StandardError">What it complained, decoded as UTF-8.</param>
public sealed record CommandResult(int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>True when one of the outputs was longer than the request's limit and is cut.</summary>
    public bool Truncated { get; init; }
}
