namespace XenDriverDomain.Tests.Configuration;

/// <summary>A test that needs Xen's own parser, libxlutil.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XenParserFactAttribute : FactAttribute
{
    public XenParserFactAttribute()
    {
        if (XenParser.Library is null)
        {
            Skip = "libxlutil is not installed (Debian: libxenmisc, with xen-utils).";
        }
    }
}
