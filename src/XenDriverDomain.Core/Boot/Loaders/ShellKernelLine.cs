using XenDriverDomain.Hide;

namespace XenDriverDomain.Boot.Loaders;

/// <summary>The kernel's parameters as variables of a file that a shell reads, from which a program makes what the loader reads.</summary>
internal static class ShellKernelLine
{
    /// <summary>Finds the place to change; null when it cannot be changed, for the reason given.</summary>
    /// <param name="scene">What is there.</param>
    /// <param name="path">The file that gets the variable when it is nowhere.</param>
    /// <param name="settings">What the shell makes of the files.</param>
    /// <param name="variables">The variables that the kernel gets, one after the other; new parameters go to the first one.</param>
    /// <param name="concerned">All variables that have to do with it.</param>
    /// <param name="trouble">Why there is no place.</param>
    public static KernelLine? Find(
        BootScene scene, string path, ShellSettings settings, IReadOnlyList<string> variables, IReadOnlyList<string> concerned,
        out string? trouble)
    {
        if (settings.Unfinished is { } unfinished)
        {
            trouble = $"a quote, a condition or the last line of {unfinished} is not closed";
            return null;
        }

        ShellAssignment[] assignments = [.. settings.Assignments.Where(one => concerned.Contains(one.Name))];
        string?[] values = [.. variables.Select(settings.ValueOf)];
        if (values.Contains(null))
        {
            ShellAssignment unclear = assignments.Last(one => one.Value is null || one.IsConditional);
            trouble = $"{unclear.Name} in {unclear.Path}, line {unclear.Line}, depends on a condition or on a program's output";
            return null;
        }

        // Where hide= is already, however it came there; else where it holds for all entries of Xen.
        string whole = string.Join(' ', values).Trim();
        string? hide = HideWord.Find(whole, scene.Parameter)?.Value;
        ShellAssignment? place = hide is null
            ? assignments.LastOrDefault(one => one.Name == variables[0])
            : assignments.Where(one => HideWord.Find(one.Raw, scene.Parameter)?.Value == hide)
                .OrderBy(one => one.Name == Effective(variables, values!, scene.Parameter)).LastOrDefault();
        trouble = hide is not null && place is null ? $"the {scene.Parameter}= in {path} is put together from several variables" : null;
        return trouble is not null ? null : place is null ? Append(scene, path, variables[0]) with { Whole = whole } : Line(place, whole);
    }

    // The last one that has the word, of those before what is for init.
    private static string? Effective(IReadOnlyList<string> variables, string[] values, string parameter)
    {
        string? found = null;
        for (int i = 0; i < values.Length; i++)
        {
            found = HideWord.Find(values[i], parameter) is null ? found : variables[i];
            if (values[i].Split((char[]?)null).Contains("--"))
            {
                break;
            }
        }

        return found;
    }

    private static KernelLine Line(ShellAssignment place, string whole) => new(place.Path, place.Line, place.Start, place.Raw)
    {
        Prefix = place.IsQuoted ? string.Empty : "\"",
        Suffix = place.IsQuoted ? string.Empty : "\"",
        Whole = whole,
    };

    private static KernelLine Append(BootScene scene, string path, string variable)
    {
        string text = scene.Files[path];
        bool isEnded = text.Length == 0 || text.EndsWith('\n');
        return new KernelLine(path, text.Count(c => c == '\n') + (isEnded ? 1 : 2), text.Length, string.Empty)
        {
            Prefix = $"{(isEnded ? string.Empty : "\n")}{variable}=\"",
            Suffix = "\"\n",
        };
    }
}
