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
            // Whatever becomes of one, the others are closed as well, and the module is removed.
            _ = Task.WaitAny([Task.Run(async () => await session.DisposeAsync().ConfigureAwait(false))], TimeSpan.FromSeconds(5));
        }
    }
}
