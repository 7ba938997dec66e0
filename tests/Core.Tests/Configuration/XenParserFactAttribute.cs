using System.Runtime.CompilerServices;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>A test that needs Xen's own parser, libxlutil, and gcc to call it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XenParserFactAttribute : FactAttribute
{
    public XenParserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (XensParser.WhyNot is { } why)
        {
            Skip = why + ".";
        }
    }
}
