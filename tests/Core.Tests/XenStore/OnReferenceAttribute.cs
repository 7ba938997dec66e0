using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>Runs a theory with a number where the C xenstored can run, to compare with it; skipped with the reason elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnReferenceAttribute : DataAttribute
{
    private readonly int _number;

    public OnReferenceAttribute(int number)
    {
        _number = number;
        Skip = XenStoredInstallation.WhyNot(XenStoredInstallation.C);
    }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([ConvertDataRow(new object[] { _number })]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
