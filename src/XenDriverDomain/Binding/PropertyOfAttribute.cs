using System.Collections;
using System.Management.Automation;
using XenDriverDomain.Checks;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Network;
using XenDriverDomain.Pci;
using XenDriverDomain.Pipeline;

namespace XenDriverDomain.Binding;

/// <summary>
/// Lets a string parameter take an object by the property that names it, whether the object comes by value, as an argument, deserialised
/// from another session or read from JSON or CSV: without it PowerShell would take the object's text.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class PropertyOfAttribute : TransformEachAttribute
{
    private const string OurTypes = "XenDriverDomain.";
    private const string TheirCopies = "Deserialized.";

    private static readonly string[] s_addresses = [typeof(PciAddress).FullName!, typeof(MacAddress).FullName!];

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
                // Addresses have no blanks: in CSV a list of them is one text.
                object names = TextOf(found);
                return name == nameof(DriverDomain.PciDevice) && names is string list ? list.Split(' ') : names;
            }
        }

        // An address of ours, from JSON or another session. Other records' texts would be taken for names, and mean nothing, or something
        // else.
        string? type = OurTypeOf(wrapped);
        if ((type is null || s_addresses.Contains(type)) && wrapped.Properties["Text"]?.Value is string text)
        {
            return text;
        }

        if (type is not null && !s_addresses.Contains(type))
        {
            return type == typeof(HostFacts).FullName ? throw NoHost() : WrongObject.TextFor(type[(type.LastIndexOf('.') + 1)..], _names);
        }

        // Of JSON and CSV only the properties are left, of which a host's are told apart.
        return wrapped.BaseObject is PSCustomObject && wrapped.Properties[nameof(HostFacts.HasPciback)] is not null
            ? throw NoHost()
            : value;
    }

    // What names several, as a driver domain's devices, is several arguments.
    private static object TextOf(object found) => (found is PSObject wrapped ? wrapped.BaseObject : found) switch
    {
        string text => text,
        IEnumerable several => several.Cast<object?>().Where(one => one is not null).Select(one => TextOf(one!)).ToArray(),
        _ => PSObject.AsPSObject(found).Properties["Text"]?.Value as string ?? found.ToString()!,
    };

    private static string? OurTypeOf(PSObject wrapped)
    {
        string first = wrapped.TypeNames.FirstOrDefault() ?? string.Empty;
        string type = first.StartsWith(TheirCopies, StringComparison.Ordinal) ? first[TheirCopies.Length..] : first;
        return type.StartsWith(OurTypes, StringComparison.Ordinal) ? type : null;
    }

    // A host names none of its things: it is bound to -Dom0, for which PowerShell goes on when it is told that this could not be converted,
    // and ends the command at anything else.
    private ArgumentTransformationMetadataException NoHost() => new(
        $"{nameof(HostFacts)} is a host: give it to -Dom0.", new PSInvalidCastException($"A host has no {string.Join(" or ", _names)}."));
}
