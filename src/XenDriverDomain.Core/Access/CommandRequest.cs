namespace XenDriverDomain.Access;

/// <summary>A program to run on dom0.</summary>
/// <param name="Program">A name looked up in PATH (extended by /usr/sbin and /sbin), or an absolute path.</param>
/// <param name="Arguments">The argument vector, without the program's own name; any byte but NUL is passed on as it is.</param>
public sealed record CommandRequest(string Program, IReadOnlyList<string> Arguments)
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
