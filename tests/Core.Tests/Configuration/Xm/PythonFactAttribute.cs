using System.Runtime.CompilerServices;

namespace XenDriverDomain.Tests.Configuration.Xm;

/// <summary>A test that needs a real Python of one generation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(int major, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Python.Find(major) is null)
        {
            Skip = $"Python {major} is not installed.";
        }
    }
}
