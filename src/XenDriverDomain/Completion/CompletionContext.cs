using System.Management.Automation;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Completion;

/// <summary>Finds what belongs to the runspace, of which a completer is told the command's name only.</summary>
internal static class CompletionContext
{
    internal static Connections? ConnectionsOf(string commandName)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        PSModuleInfo? module = shell.AddCommand("Get-Command").AddParameter("Name", commandName)
            .Invoke<CommandInfo>().FirstOrDefault()?.Module;
        return module is null ? null : Connections.Of(module);
    }

    /// <summary>The runspace's paths, for files of this machine.</summary>
    internal static PathIntrinsics? Paths()
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Get-Variable").AddParameter("Name", "ExecutionContext").AddParameter("ValueOnly")
            .Invoke<EngineIntrinsics>().FirstOrDefault()?.SessionState.Path;
    }
}
