using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace XenDriverDomain.Hosting;

/// <summary>
/// Loads the core compiled to machine code ahead of time (ReadyToRun), where this module has it for the machine and the .NET that
/// PowerShell runs on, so that the first cmdlet need not wait for the just-in-time compiler. Anywhere else the same assemblies
/// without machine code, which lie beside this one, do the same. They cannot be told apart but by speed.
/// </summary>
internal static class CompiledAssemblies
{
    // What crossgen2 of a .NET compiles, that .NET and later ones take; an older one ignores it.
    private const int OldestDotNet = 10;
    private const string Core = "XenDriverDomain.Core";
    private const string Simulation = "XenDriverDomain.Simulation";
    private const string Folder = "linux-x64";

    /// <summary>Answers, from now on, where the core is.</summary>
    internal static void Attach() => AssemblyLoadContext.Default.Resolving += Resolve;

    /// <summary>Loads the core now.</summary>
    internal static void Load() => Assembly.Load(new AssemblyName(Core) { Version = typeof(CompiledAssemblies).Assembly.GetName().Version });

    /// <summary>Ends that.</summary>
    internal static void Detach() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        Assembly own = typeof(CompiledAssemblies).Assembly;
        bool isOurs = name.Name is Core or Simulation && name.Version == own.GetName().Version;
        if (!isOurs || !IsSuitable())
        {
            return null;
        }

        string file = Path.Combine(Path.GetDirectoryName(own.Location) ?? string.Empty, Folder, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }

    // Machine code for glibc's Linux; what other systems do with it is not worth finding out.
    private static bool IsSuitable() =>
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && Environment.Version.Major >= OldestDotNet
        && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
        && !RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);
}
