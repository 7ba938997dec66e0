using System.Management.Automation;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Hosting;

/// <summary>Closes the runspace's connections when the module is removed from it.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        foreach (HostSession session in Connections.Here().Clear())
        {
            Task.Run(async () => await session.DisposeAsync().ConfigureAwait(false)).Wait(TimeSpan.FromSeconds(5));
        }
    }
}
