using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>
/// Lets a string parameter take an object by the property that names it, whether the object comes by value, as an argument or
/// deserialised from another session: without it PowerShell would take the object's text.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class PropertyOfAttribute : TransformEachAttribute
{
    private readonly string[] _names;

    /// <summary>Creates the attribute.</summary>
    /// <param name="names">The properties that may name the object, the first that it has counts.</param>
    public PropertyOfAttribute(params string[] names) => _names = names;

    /// <summary>The properties that may name the object.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <inheritdoc/>
    private protected override object? TransformOne(object? value)
    {
        if (value is null)
        {
            return null;
        }

        PSObject wrapped = PSObject.AsPSObject(value);
        if (wrapped.BaseObject is string or ValueType)
        {
            return wrapped.BaseObject;
        }

        foreach (string name in _names)
        {
            if (wrapped.Properties[name]?.Value is { } found)
            {
                return found.ToString();
            }
        }

        return value;
    }
}
