namespace XenDriverDomain.Xm;

/// <summary>How much running an xm file may cost. The defaults are thirty times what a real file needs.</summary>
/// <param name="Steps">Steps: an expression, a statement, or 64 characters or elements gone through.</param>
/// <param name="Memory">Bytes that may be allocated in all, freed or not.</param>
/// <param name="Depth">How deep expressions and calls may be nested.</param>
public sealed record XmLimits(int Steps = 100_000, long Memory = 8 * 1024 * 1024, int Depth = 1_000)
{
    /// <summary>
    /// How long all regular expressions of a file together may take. .NET measures it by the clock, in which the first one of a process is
    /// compiled as well, and other programs run: on a busy machine a harmless one took more than a tenth of a second.
    /// </summary>
    public TimeSpan RegexTime { get; init; } = TimeSpan.FromSeconds(2);
}
