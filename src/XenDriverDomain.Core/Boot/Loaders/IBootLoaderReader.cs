namespace XenDriverDomain.Boot.Loaders;

/// <summary>Reads one boot loader's configuration.</summary>
internal interface IBootLoaderReader
{
    /// <summary>Whose configuration.</summary>
    BootLoader Loader { get; }

    /// <summary>The files to read; the last component may have a wildcard.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Paths whose existence matters.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The configurations that are there, by path.</summary>
    IEnumerable<string> Find(BootScene scene);

    /// <summary>Reads one of them; null when it has no entry that boots Xen.</summary>
    BootConfiguration? Read(BootScene scene, string path);
}
