using System.Management.Automation;

namespace XenDriverDomain.Completion;

/// <summary>Finds what belongs to the runspace, of which a completer is told nothing.</summary>
internal static class CompletionContext
{
    /// <summary>The runspace's paths, for files of this machine.</summary>
    internal static PathIntrinsics? Paths()
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Get-Variable").AddParameter("Name", "ExecutionContext").AddParameter("ValueOnly")
            .Invoke<EngineIntrinsics>().FirstOrDefault()?.SessionState.Path;
    }
}
