using XenDriverDomain.Boot.Loaders;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>Changes of boot files, collected before any is written.</summary>
/// <param name="files">The files as they are.</param>
internal sealed class BootEdits(IReadOnlyDictionary<string, string> files)
{
    private readonly SortedDictionary<string, string> _changed = new(StringComparer.Ordinal);

    /// <summary>The files that change: what is there (null when the file is not) and what will be.</summary>
    public IReadOnlyList<(string Path, string? Before, string After)> All =>
        [.. _changed.Where(file => file.Value != files.GetValueOrDefault(file.Key, string.Empty))
            .Select(file => (file.Key, files.GetValueOrDefault(file.Key), file.Value))];

    /// <summary>Changes a file; one that is not there is made.</summary>
    public void Edit(string path, Func<string, string> change) =>
        _changed[path] = change(_changed.GetValueOrDefault(path) ?? files.GetValueOrDefault(path, string.Empty));

    /// <summary>Changes the parameters in a configuration.</summary>
    public void Edit(BootConfiguration configuration, Func<string, string> change)
    {
        // From the end, so that the places before stay where they are.
        foreach (KernelLine line in configuration.Lines.OrderByDescending(line => line.Start))
        {
            Edit(line.Path, text => line.Change(text, change(line.Text)));
        }
    }
}
