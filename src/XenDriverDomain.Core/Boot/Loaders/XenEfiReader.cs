namespace XenDriverDomain.Boot.Loaders;

/// <summary>Xen's EFI program, started by the firmware's boot manager.</summary>
internal sealed class XenEfiReader : IBootLoaderReader
{
    /// <summary>That the firmware is EFI, which dom0's kernel sees through Xen.</summary>
    internal const string Efi = "/sys/firmware/efi";

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.XenEfi;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files =>
    [
        "/boot/efi/EFI/*/xen*.cfg", "/boot/EFI/*/xen*.cfg", "/efi/EFI/*/xen*.cfg", "/boot/efi/xen*.cfg", "/boot/xen*.cfg", "/efi/xen*.cfg",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [Efi];

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene) => !scene.Names.Contains(Efi)
        ? []
        : scene.Files.Keys.Where(path => path.EndsWith(".cfg", StringComparison.Ordinal) && TextLines.IsXen(path)
            && (path.StartsWith("/boot/", StringComparison.Ordinal) || path.StartsWith("/efi/", StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path) => XenEfiConfig.Read(path, scene.Files[path]) is { Count: > 0 } lines
        ? new BootConfiguration(Loader, path, scene.Parameter, lines) { Evidence = $"{path}, and the firmware is EFI" }
        : null;
}
