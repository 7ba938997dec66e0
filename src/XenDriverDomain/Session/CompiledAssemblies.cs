using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace XenDriverDomain.Session;

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

    /// <summary>
    /// Loads the interpreter of xm's files, the core and the simulation; whoever names one of their types later gets these.
    /// </summary>
    /// <exception cref="FileLoadException">This process has another version of them.</exception>
    internal static void Load()
    {
        string beside = Path.GetDirectoryName(typeof(CompiledAssemblies).Assembly.Location) ?? string.Empty;
        string compiled = Path.Combine(beside, Folder);
        string folder = IsSuitable() && Directory.Exists(compiled) ? compiled : beside;
        LoadFrom(folder, "XenDriverDomain.Xm.dll");
        LoadFrom(folder, "XenDriverDomain.Core.dll");
        LoadFrom(folder, "XenDriverDomain.Simulation.dll");
    }

    private static Assembly LoadFrom(string folder, string file) =>
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, file));

    // Machine code for glibc's Linux; what other systems do with it is not worth finding out.
    private static bool IsSuitable() =>
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && Environment.Version.Major >= OldestDotNet
        && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
        && !RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);
}
