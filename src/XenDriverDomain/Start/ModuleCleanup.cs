using System.Management.Automation;
using XenDriverDomain.Session;

namespace XenDriverDomain.Start;

/// <summary>Closes the runspace's connections when the module is removed from it.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => Connections.Here().EndAll();
}
