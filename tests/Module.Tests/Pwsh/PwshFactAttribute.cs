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
            Skip = $"There is no PowerShell 7, and tests/prepare cannot fetch it: {PwshProcess.WhyNotPrepared}";
        }
        else if (module is not null && !PwshProcess.HasModule(module))
        {
            Skip = $"There is no PowerShell module {module}, and tests/prepare cannot fetch it: {PwshProcess.WhyNotPrepared}";
        }
    }
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public PwshTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = new PwshFactAttribute(null, file, line).Skip;
}
