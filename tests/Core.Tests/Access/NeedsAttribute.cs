using System.Reflection;
using Xunit.v3;

namespace XenDriverDomain.Tests.Access;

/// <summary>
/// Skips a test, or all of a class, those inherited from a contract among them, where programs are missing.
/// </summary>
/// <param name="programs">Names, separated by spaces.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(string programs) : BeforeAfterTestAttribute
{
    public string Programs => programs;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Needs.WhatIsMissing(Programs) is { } missing)
        {
            Assert.Skip(missing);
        }
    }
}
