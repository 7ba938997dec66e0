namespace XenDriverDomain.Boot.Loaders;

/// <summary>The files of dom0 that have to do with booting, as they were read.</summary>
/// <param name="Files">Whole texts by path, byte for byte (Latin-1).</param>
/// <param name="Names">Paths that exist.</param>
/// <param name="Parameter">The kernel parameter: <c>xen-pciback.hide</c>, or <c>pciback.hide</c> for 2.6.18-xen.</param>
internal sealed record BootScene(IReadOnlyDictionary<string, string> Files, IReadOnlySet<string> Names, string Parameter)
{
    /// <summary>The paths of one folder's files with an extension, in the order in which a shell lists them.</summary>
    public IEnumerable<string> In(string folder, string extension) => Files.Keys
        .Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal)
            && path.IndexOf('/', folder.Length + 1) < 0)
        .Order(StringComparer.Ordinal);
}
