using System.Collections;
using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Binding;

/// <summary>Reads -Variable, a hashtable, as the settings behind a file's name on xm's and xl's command line.</summary>
internal static class Variables
{
    /// <summary>The pairs; a list gives one for each of its elements, as xm wants it.</summary>
    /// <exception cref="XenDriverDomainException">ConfigVariableInvalid.</exception>
    internal static IReadOnlyList<KeyValuePair<string, string>> Of(IDictionary? variables)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (DictionaryEntry entry in variables ?? new Hashtable())
        {
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty;
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw Invalid(name, "a name is letters, digits and underscores, and does not begin with a digit");
            }

            if (pairs.Exists(p => p.Key == name))
            {
                throw Invalid(name, "it is given twice");
            }

            object? value = entry.Value is PSObject { BaseObject: var inner } ? inner : entry.Value;
            IEnumerable values = value is IEnumerable list and not string ? list : new[] { value };
            pairs.AddRange(values.Cast<object?>().Select(v => KeyValuePair.Create(name, TextOf(name, v))));
        }

        return pairs;
    }

    private static string TextOf(string name, object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => throw Invalid(name, "it has no value"),
        bool flag => flag ? "1" : "0",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    private static XenDriverDomainException Invalid(string name, string why) => new(
        ErrorIds.ConfigVariableInvalid,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(name)}' cannot be a variable: {why}.",
        "Give a hashtable such as @{ beid = 4 }.",
        name);
}
