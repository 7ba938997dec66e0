using System.Reflection;
using Xunit.Sdk;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>Runs a theory against one of the servers; skipped with the reason where that one cannot run.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnXenStoredAttribute : DataAttribute
{
    private readonly string _daemon;

    public OnXenStoredAttribute(string daemon)
    {
        _daemon = daemon;
        Skip = XenStoredInstallation.WhyNot(daemon);
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_daemon]];
}
