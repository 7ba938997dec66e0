using System.Runtime.CompilerServices;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>A test that needs PowerShell 7, and perhaps one of its modules; skipped with that reason where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="module">A PowerShell module that the test needs as well.</param>
    public PwshFactAttribute(string? module = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!PwshProcess.IsThere)
        {
            Skip = "PowerShell 7 (pwsh) is not installed: dotnet tool restore fetches it.";
        }
        else if (module is not null && !PwshProcess.HasModule(module))
        {
            Skip = $"The PowerShell module {module} is not installed.";
        }
    }
}
