using System.Management.Automation;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Binding;

/// <summary>
/// Lets a parameter take configurations that came from another session or from a file: they are read again from their xl.cfg.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class ConfigOfAttribute : TransformEachAttribute
{
    /// <inheritdoc/>
    // What is no configuration is left to PowerShell, which says so.
    private protected override object? TransformOne(object? value)
    {
        if (value is null or string or PSObject { BaseObject: XenDomainConfig or string } or XenDomainConfig)
        {
            return (value as PSObject)?.BaseObject ?? value;
        }

        PSObject source = PSObject.AsPSObject(value);
        if (source.Properties["XlConfig"]?.Value is not string text || WasRefused(source))
        {
            return value;
        }

        try
        {
            return DomainConfigImporter.Read(text, source.Properties["Path"]?.Value as string, DomainConfigFormat.Xl);
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            return value;
        }
    }

    // What is missing from the text cannot be known from it any more.
    private static bool WasRefused(PSObject source) =>
        LanguagePrimitives.GetEnumerable(source.Properties["Conversion"]?.Value) is { } entries
        && entries.Cast<object?>().Any(e => e is not null
            && PSObject.AsPSObject(e).Properties["Action"]?.Value?.ToString() == nameof(ConversionAction.Refused));
}
