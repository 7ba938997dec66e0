using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace XenDriverDomain.Start;

/// <summary>
/// Loads the core compiled to machine code ahead of time (ReadyToRun), where this module has it for the machine and the .NET that
/// PowerShell runs on, so that the first cmdlet need not wait for the just-in-time compiler. Anywhere else the same assemblies
/// without machine code, which lie beside this one, do the same. They cannot be told apart but by speed.
/// </summary>
internal static class CompiledAssemblies
{
    // What crossgen2 of a .NET compiles, that .NET and later ones take; an older one ignores it.
    private const int OldestDotNet = 10;
    private const string Folder = "linux-x64";

    // Each after those that it names.
    private static readonly string[] s_names =
    [
        "XenDriverDomain.Xm.dll",
        "XenDriverDomain.Core.dll",
        "XenDriverDomain.Simulation.dll",
        "XenDriverDomain.Pipeline.dll",
    ];

    /// <summary>
    /// Loads the interpreter of xm's files, the core, the simulation and what all cmdlets share; whoever names one of their types later
    /// gets these.
    /// </summary>
    /// <exception cref="FileLoadException">This process has another version of them.</exception>
    internal static void Load()
    {
        string folder = Path.GetDirectoryName(typeof(CompiledAssemblies).Assembly.Location) ?? string.Empty;

        // Machine code for glibc's Linux; what other systems do with it is not worth finding out. In one method with what follows:
        // this assembly's are compiled at each import.
        if (OperatingSystem.IsLinux()
            && RuntimeInformation.ProcessArchitecture == Architecture.X64
            && Environment.Version.Major >= OldestDotNet
            && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            && !RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal)
            && Directory.Exists(Path.Combine(folder, Folder)))
        {
            folder = Path.Combine(folder, Folder);
        }

        foreach (string name in s_names)
        {
            AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, name));
        }
    }
}
