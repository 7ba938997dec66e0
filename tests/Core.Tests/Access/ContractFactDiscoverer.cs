using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenDriverDomain.Tests.Access;

/// <summary>Makes skipped test cases of a class that needs programs which this machine lacks.</summary>
public sealed class ContractFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        IAttributeInfo? needs = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)).FirstOrDefault();
        string? missing = needs is null ? null : Needs.WhatIsMissing(needs.GetNamedArgument<string>(nameof(NeedsAttribute.Programs)));
        return missing is null
            ? base.CreateTestCase(discoveryOptions, testMethod, factAttribute)
            : new SkippedTestCase(missing, DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
    }
}
