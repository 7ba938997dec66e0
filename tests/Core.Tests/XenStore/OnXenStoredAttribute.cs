using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

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

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([ConvertDataRow(new object[] { _daemon })]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
