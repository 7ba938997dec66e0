namespace XenDriverDomain.Tests.Configuration;

/// <summary>A test that needs Xen's own parser, libxlutil, and gcc to call it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XenParserFactAttribute : FactAttribute
{
    public XenParserFactAttribute()
    {
        if (XensParser.WhyNot is { } why)
        {
            Skip = why + ".";
        }
    }
}
