namespace XenDriverDomain.Simulation.Toolstack;

/// <summary>xl ends on the spot (<c>exit()</c> in the middle of its work).</summary>
/// <param name="exitCode">Its exit code.</param>
internal sealed class XlExit(int exitCode) : Exception
{
    /// <summary>Its exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
