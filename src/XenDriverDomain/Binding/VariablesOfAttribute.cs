using System.Collections;
using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>Lets -Variable take what xm's and xl's users write behind a file's name, 'beid=4', beside a hashtable.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class VariablesOfAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string[]? words = value switch
        {
            string one => [one],
            IList { Count: > 0 } list when list.Cast<object?>().All(one => one is string or PSObject { BaseObject: string }) =>
                [.. list.Cast<object>().Select(one => one.ToString()!)],
            _ => null,
        };
        return words is null ? inputData : Read(words);
    }

    // A name that is given twice is a list, as on xm's command line.
    private static Hashtable Read(string[] words)
    {
        Dictionary<string, List<string>> values = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new ArgumentTransformationMetadataException(
                    $"'{Terminal.Text.Show(word)}' is no variable: write NAME=VALUE, or a hashtable such as @{{ beid = 4 }}.");
            }

            string name = word[..equals].Trim();
            if (!values.TryGetValue(name, out List<string>? known))
            {
                values[name] = known = [];
            }

            known.Add(word[(equals + 1)..]);
        }

        Hashtable table = new(StringComparer.Ordinal);
        foreach ((string name, List<string> all) in values)
        {
            table[name] = all.Count == 1 ? all[0] : all.ToArray();
        }

        return table;
    }
}
