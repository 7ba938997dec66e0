namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>What a script left.</summary>
internal sealed record PwshResult(int ExitCode, IReadOnlyList<string> Output, string Errors)
{
    /// <summary>The lines, after making sure that the script ran to its end without an error of its own.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            Assert.True(ExitCode == 0 && Errors.Length == 0, $"exit code {ExitCode}\n{Errors}\n{string.Join('\n', Output)}");
            return Output;
        }
    }
}
