using System.Management.Automation;
using System.Management.Automation.Runspaces;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>
/// A PowerShell session inside this process, with the module of this checkout imported as anybody imports it. It needs no pwsh, takes
/// a fraction of its time, and hands out the objects themselves. What the session has, such as its connections, lasts until it is disposed.
/// </summary>
internal sealed class ModuleSession : IDisposable
{
    private readonly Runspace _runspace;

    /// <summary>Opens a session; the current folder is that of the checkout, and the preferences are PowerShell's.</summary>
    public ModuleSession()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault());
        _runspace.Open();
        Run($"Set-Location -LiteralPath '{Repository.Root}'; Import-Module ./XenDriverDomain.psd1").AssertNoErrors();
    }

    /// <summary>Runs a script. An error that ends it is the last one of the answer's, and never an exception here.</summary>
    /// <param name="script">The script; what it defines stays defined.</param>
    /// <param name="arguments">What $args holds.</param>
    public SessionAnswer Run(string script, params object[] arguments)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (object argument in arguments)
        {
            shell.AddArgument(argument);
        }

        List<PSObject?> output = [];
        ErrorRecord? last = null;
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException e)
        {
            last = e.ErrorRecord;
        }

        return new SessionAnswer(
            output,
            [.. shell.Streams.Error, .. last is null ? Array.Empty<ErrorRecord>() : [last]],
            [.. shell.Streams.Warning.Select(w => w.Message)],
            [.. shell.Streams.Verbose.Select(v => v.Message)])
        {
            Progress = [.. shell.Streams.Progress],
        };
    }

    /// <summary>Runs a script, and stops it as Ctrl+C does.</summary>
    /// <param name="script">The script.</param>
    /// <param name="when">When it is stopped.</param>
    public async Task StopAsync(string script, Task when)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        Task ended = shell.AddScript(script).InvokeAsync();
        Assert.True(await Task.WhenAny(when, ended) == when, "the script ended before it could be stopped");
        shell.Stop();
        await Assert.ThrowsAsync<PipelineStoppedException>(() => ended);
    }

    /// <summary>What Tab inserts at the end of a line.</summary>
    public IReadOnlyList<string> Complete(string line) => Run(
        "(TabExpansion2 -inputScript $args[0] -cursorColumn $args[0].Length).CompletionMatches.CompletionText", line).Lines;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Removing the module closes its connections, which an end of the runspace alone does not.
        Run("Get-Module -Name XenDriverDomain | Remove-Module");
        _runspace.Dispose();
    }
}

/// <summary>What a script left in the streams.</summary>
internal sealed record SessionAnswer(
    IReadOnlyList<PSObject?> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Verbose)
{
    public IReadOnlyList<ProgressRecord> Progress { get; init; } = [];

    /// <summary>Each object's text, after making sure that there was no error.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            AssertNoErrors();
            return [.. Output.Select(o => o?.ToString() ?? string.Empty)];
        }
    }

    /// <summary>The errors' ids, without the name of the cmdlet.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])];

    /// <summary>Fails the test with the errors' text when there are any.</summary>
    public void AssertNoErrors() =>
        Assert.True(Errors.Count == 0, string.Join('\n', Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}")));
}
