using System.Management.Automation;
using XenDriverDomain.DriverDomains;

namespace XenDriverDomain.Binding;

/// <summary>Lets a parameter take driver domains only, by their names; for anything else PowerShell looks at the next parameter.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class DriverDomainOfAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // No other object has it, and neither JSON nor CSV takes it away.
        PSObject wrapped = PSObject.AsPSObject(inputData);
        return wrapped.Properties[nameof(DriverDomain.Readiness)] is not null
            && wrapped.Properties[nameof(DriverDomain.Name)]?.Value is string name
                ? name
                : throw new ArgumentTransformationMetadataException(
                    "It takes driver domains of Get-XenDriverDomain; a name is given to -Backend.",
                    new PSInvalidCastException("It is no driver domain."));
    }
}
