using System.Collections;
using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Errors;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>
/// One table of a description: keys and values, with the place they have in the file. It knows the types of values and nothing of their
/// meaning; what does not fit is an error that names file, place, value, rule and what is allowed.
/// </summary>
internal sealed class DescriptionTable
{
    private readonly string _file;
    private readonly string _path;
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A table whose keys are known.</summary>
    /// <param name="file">How the user calls the file.</param>
    /// <param name="path">Where in it the table is: <c>Cards[1]</c>; empty for the whole.</param>
    /// <param name="values">What it holds.</param>
    /// <param name="keys">The keys that it may have.</param>
    /// <exception cref="XenDriverDomainException">MachineDescriptionInvalid: it has another key, or one twice.</exception>
    public DescriptionTable(string file, string path, IDictionary values, IReadOnlyCollection<string> keys)
    {
        _file = file;
        _path = path;
        foreach (DictionaryEntry entry in values)
        {
            string key = entry.Key as string ?? Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty;
            if (!keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                throw Fail(Place(key), entry.Value, "there is no such key", $"one of {string.Join(", ", keys)}");
            }

            if (!_values.TryAdd(key, entry.Value ?? throw Fail(Place(key), null, "it has no value", "a value, or leave the key out")))
            {
                throw Fail(Place(key), entry.Value, "the key is there twice; upper and lower case are the same", "each key once");
            }
        }
    }

    /// <summary>The whole of a description.</summary>
    public static DescriptionTable Whole(string file, IDictionary values, IReadOnlyCollection<string> keys) =>
        new(file, string.Empty, values, keys);

    /// <summary>True when the key is there.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A text that is not empty; null when the key is not there.</summary>
    public string? Text(string key) => !_values.TryGetValue(key, out object? value) ? null
        : value is string { Length: > 0 } text ? text
        : throw Fail(Place(key), value, "it is no text", "a text in quotes that is not empty");

    /// <summary>A text that may be empty; null when the key is not there.</summary>
    public string? AnyText(string key) => !_values.TryGetValue(key, out object? value) ? null
        : value as string ?? throw Fail(Place(key), value, "it is no text", "a text in quotes");

    /// <summary>A text that must be there.</summary>
    public string Required(string key, string allowed) => Text(key) ?? throw Fail(Place(key), null, "it is missing", allowed);

    /// <summary>True or false; the other value when the key is not there.</summary>
    public bool Flag(string key, bool otherwise) => !_values.TryGetValue(key, out object? value) ? otherwise
        : value is bool flag ? flag
        : throw Fail(Place(key), value, "it is neither true nor false", "$true or $false");

    /// <summary>A whole number in a range; null when the key is not there.</summary>
    public int? Number(string key, int least, int most)
    {
        if (!_values.TryGetValue(key, out object? value))
        {
            return null;
        }

        string allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return value switch
        {
            int number when number >= least && number <= most => number,
            long number when number >= least && number <= most => (int)number,
            int or long => throw Fail(Place(key), value, "it is out of range", allowed),
            _ => throw Fail(Place(key), value, "it is no whole number", allowed),
        };
    }

    /// <summary>One of several words, in any case.</summary>
    /// <typeparam name="T">The words are its names.</typeparam>
    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum => Text(key) is { } text ? Word<T>(Place(key), text) : otherwise;

    /// <summary>Several of several words, in any case; none twice.</summary>
    /// <typeparam name="T">The words are its names.</typeparam>
    public IReadOnlyList<T> Choices<T>(string key)
        where T : struct, Enum => [.. Texts(key).Select((text, i) => Word<T>(Place(key, i), text)).Distinct()];

    /// <summary>The texts of a list, or the one text that stands in its place; none when the key is not there.</summary>
    public IReadOnlyList<string> Texts(string key) =>
    [
        .. Items(key).Select((item, i) => item is string { Length: > 0 } text
            ? text
            : throw Fail(Place(key, i), item, "it is no text", "a text in quotes that is not empty, or several with commas between them")),
    ];

    /// <summary>The tables of a list, or the one table that stands in its place; none when the key is not there.</summary>
    public IReadOnlyList<DescriptionTable> Tables(string key, IReadOnlyCollection<string> keys) =>
    [
        .. Items(key).Select((item, i) => item is IDictionary values
            ? new DescriptionTable(_file, Place(key, i), values, keys)
            : throw Fail(Place(key, i), item, "it is no table", "a table @{ … } or a list of tables")),
    ];

    /// <summary>A list of which an item may be a name alone, which then stands for a table with only that.</summary>
    /// <param name="key">The list.</param>
    /// <param name="keys">The keys of its tables; the first one is the name.</param>
    public IReadOnlyList<DescriptionTable> NamesOrTables(string key, IReadOnlyList<string> keys) =>
    [
        .. Items(key).Select((item, i) => item switch
        {
            string { Length: > 0 } name => new DescriptionTable(_file, Place(key, i), new Hashtable { [keys[0]] = name }, keys),
            IDictionary values => new DescriptionTable(_file, Place(key, i), values, keys),
            _ => throw Fail(Place(key, i), item, "it is neither a name nor a table", $"a name in quotes or a table @{{ {keys[0]} = … }}"),
        }),
    ];

    /// <summary>A table of any keys and texts; empty when the key is not there.</summary>
    public IReadOnlyDictionary<string, string> TextTable(string key) => Free(
        key, (place, item) => item as string ?? throw Fail(place, item, "it is no text", "a text in quotes"));

    /// <summary>A table of any keys and flags; empty when the key is not there.</summary>
    public IReadOnlyDictionary<string, bool> FlagTable(string key) => Free(
        key, (place, item) => item is bool flag ? flag : throw Fail(place, item, "it is neither true nor false", "$true or $false"));

    /// <summary>What is wrong with a value of this table.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="rule">Why it cannot be.</param>
    /// <param name="allowed">What could stand there.</param>
    public XenDriverDomainException Wrong(string key, string rule, string allowed) =>
        Fail(Place(key), _values.GetValueOrDefault(key), rule, allowed);

    /// <summary>What is wrong with one item of a list of this table.</summary>
    public XenDriverDomainException Wrong(string key, int index, object? value, string rule, string allowed) =>
        Fail(IsList(key) ? Place(key, index) : Place(key), value, rule, allowed);

    /// <summary>What is wrong with one value of a table in this one.</summary>
    public XenDriverDomainException Wrong(string key, string inner, object? value, string rule, string allowed) =>
        Fail($"{Place(key)}['{Terminal.Text.Show(inner, 80)}']", value, rule, allowed);

    private Dictionary<string, T> Free<T>(string key, Func<string, object?, T> read)
    {
        Dictionary<string, T> result = new(StringComparer.Ordinal);
        if (_values.TryGetValue(key, out object? value))
        {
            foreach (DictionaryEntry entry in value as IDictionary
                ?? throw Fail(Place(key), value, "it is no table", "a table @{ … }"))
            {
                string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty;
                result[name] = read($"{Place(key)}['{Terminal.Text.Show(name, 80)}']", entry.Value);
            }
        }

        return result;
    }

    private IReadOnlyList<object?> Items(string key) => !_values.TryGetValue(key, out object? value) ? []
        : value is IList list ? [.. list.Cast<object?>()]
        : [value];

    private bool IsList(string key) => _values.GetValueOrDefault(key) is IList;

    private T Word<T>(string place, string text)
        where T : struct, Enum => Enum.GetNames<T>().FirstOrDefault(
            name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<T>(known)
            : throw Fail(place, text, "it is none of the words that can stand there", string.Join(", ", Enum.GetNames<T>()));

    private string Place(string key) => $"{(_path.Length == 0 ? string.Empty : _path + ".")}{Terminal.Text.Show(key, 80)}";

    private string Place(string key, int index) =>
        IsList(key) ? string.Create(CultureInfo.InvariantCulture, $"{Place(key)}[{index}]") : Place(key);

    private XenDriverDomainException Fail(string place, object? value, string rule, string allowed) => new(
        SimulationErrorIds.MachineDescriptionInvalid,
        ErrorKind.InvalidArgument,
        $"{Terminal.Text.Show(_file)}: {place}{Shown(value)}: {rule}.",
        $"Allowed is {allowed}. about_XenDriverDomain_Simulation has all keys.",
        _file);

    private static string Shown(object? value) => value switch
    {
        null => string.Empty,
        string text => $" = '{Terminal.Text.Show(text, 80)}'",
        bool flag => flag ? " = $true" : " = $false",
        IDictionary => " = @{ … }",
        IList => " = @( … )",
        _ => $" = {Terminal.Text.Show(Convert.ToString(value, CultureInfo.InvariantCulture), 80)}",
    };
}
