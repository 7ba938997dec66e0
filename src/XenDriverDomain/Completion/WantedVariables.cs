using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Xm;

namespace XenDriverDomain.Completion;

/// <summary>The variables that configuration files want (<c>xm_vars.var</c>), as the beginning of a -Variable.</summary>
internal static class WantedVariables
{
    /// <summary>The most files that are worth reading, and the most variables that are worth offering.</summary>
    private const int Most = 50;

    /// <summary>Reads the files and gives each variable once.</summary>
    internal static async Task<IReadOnlyList<Candidate>> FindAsync(IEnumerable<string> files, Func<string, Task<byte[]>> readAsync)
    {
        List<Candidate> found = [];
        foreach (string file in files.Take(Most))
        {
            found.AddRange(Of(DomainConfigImporter.FindWantedVariables(await readAsync(file).ConfigureAwait(false)), file));
        }

        return [.. found.DistinctBy(c => c.Text).Take(Most)];
    }

    private static IEnumerable<Candidate> Of(IEnumerable<XmWantedVariable> wanted, string file) =>
        from variable in wanted
        where variable.Name.Length > 0 && variable.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            && !char.IsAsciiDigit(variable.Name[0])
        let use = string.Join(' ', variable.Use.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        select new Candidate($"@{{ {variable.Name} = ", use.Length > 0 ? use : $"a variable of {file}") { CodeLabel = variable.Name };
}
