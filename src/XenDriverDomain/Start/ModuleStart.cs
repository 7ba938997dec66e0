using System.Management.Automation;

namespace XenDriverDomain.Start;

/// <summary>
/// Loads the core when the module is imported, so that its types can be named at once. PowerShell looks at all public types before
/// that; should one of them need the core, then the one beside this assembly is loaded, and not the one that was compiled ahead.
/// So no public type here derives from a type of the core's, or has a field of a value type of its.
/// </summary>
public sealed class ModuleStart : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport() => CompiledAssemblies.Load();
}
