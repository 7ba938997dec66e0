using System.Management.Automation;
using XenDriverDomain.Hosting;

namespace XenDriverDomain.Completion;

/// <summary>Finds the runspace's connections from what a completer is told: the command's name only.</summary>
internal static class CompletionContext
{
    internal static Connections? ConnectionsOf(string commandName)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        PSModuleInfo? module = shell.AddCommand("Get-Command").AddParameter("Name", commandName)
            .Invoke<CommandInfo>().FirstOrDefault()?.Module;
        return module is null ? null : Connections.Of(module);
    }
}
