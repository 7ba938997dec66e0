using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Images;

/// <summary>Looks for the kernel of an image, its modules in the order of loading, and their firmware.</summary>
/// <param name="finds">What has been found so far.</param>
internal sealed class ModuleSurvey(ImageFinds finds)
{
    private const int ListLimit = 16 * 1024 * 1024;

    /// <summary>Where kernels are.</summary>
    public static IReadOnlyList<string> Places { get; } = ["/boot/vmlinuz*", "/lib/modules/*/vmlinuz"];

    /// <summary>The attribute that tells what drives a function.</summary>
    public static string AliasPath(PciAddress address) => $"{PciQueries.Devices}/{address}/modalias";

    /// <summary>How many of the cards are controllers of disks (PCI base class 01).</summary>
    public int CountDiskControllers() =>
        finds.Request.PciDevice.Count(address => AliasOf(address).Contains("bc01", StringComparison.Ordinal));

    /// <summary>The file of the kernel that runs.</summary>
    /// <exception cref="XenDriverDomainException">ImageKernelNotFound.</exception>
    public string FindKernel(string release)
    {
        // Debian, Fedora, SUSE and XCP-ng have it by the release, some of them beside its modules; Alpine's is called by its flavour, the
        // release's last word.
        string[] places = [$"/boot/vmlinuz-{release}", $"/lib/modules/{release}/vmlinuz", $"/boot/vmlinuz-{release.Split('-')[^1]}"];
        return places.FirstOrDefault(finds.First.Names.Contains) ?? throw ImageErrors.NoKernel(finds.Dom0.Id, release, places);
    }

    /// <summary>The modules that are needed, in the order of loading, and the drivers of the cards.</summary>
    /// <exception cref="XenDriverDomainException">ImageDriverNotFound.</exception>
    public async Task<(IReadOnlyList<string> Files, string[] Drivers)> FindModulesAsync(
        string release, CancellationToken cancellationToken)
    {
        string folder = $"/lib/modules/{release}";
        ModuleAliases aliases = new(finds.Dom0.Commands);
        Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> asking =
            aliases.FindAsync(Task.FromResult(finds.First), cancellationToken);
        string[] lists = await Task.WhenAll(
            ((string[])["modules.dep", "modules.softdep", "modules.builtin"])
                .Select(name => TextAsync($"{folder}/{name}", cancellationToken))).ConfigureAwait(false);
        ModuleTree tree = ModuleTree.Read(folder, lists[0], lists[1], lists[2]);
        IReadOnlyDictionary<string, IReadOnlyList<string>> known = await asking.ConfigureAwait(false);
        SortedSet<string> drivers = new(StringComparer.Ordinal);
        foreach (PciAddress address in finds.Request.PciDevice)
        {
            string alias = AliasOf(address);
            IReadOnlyList<string> names = known.GetValueOrDefault(alias, []);
            drivers.UnionWith(names.Count > 0 ? names : throw ImageErrors.NoDriver(
                address, release, InsideTools.KernelPackageOn(release, finds.Distribution)));
        }

        IReadOnlyList<string> order = tree.LoadOrder(
            [
                .. InsideModules.For(finds.Request),
                .. (finds.Nat?.Modules ?? []).Select(names => names.FirstOrDefault(tree.Has) ?? names[0]),
                .. drivers,
            ],
            out IReadOnlyList<string> missing);
        finds.Missing.AddRange(missing.Select(name => new MissingPart(
            $"the module {name}", ImageErrors.AllModules(release, InsideTools.KernelPackageOn(release, finds.Distribution)))));
        return (order, [.. drivers]);
    }

    /// <summary>What of the firmware that modules name dom0 has; a module names that of all its cards.</summary>
    public async Task<IReadOnlyCollection<string>> FindFirmwareAsync(IReadOnlyList<string> modules, CancellationToken cancellationToken)
    {
        CommandResult result = await finds.RunAsync("modinfo", ["-F", "firmware", .. modules], cancellationToken).ConfigureAwait(false);
        string[] wanted =
        [
            .. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()
                .Where(name => name.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+,@".Contains(c)))
                .SelectMany(name => ((string[])["", ".xz", ".zst"]).Select(end => $"/lib/firmware/{name}{end}")),
        ];
        return wanted.Length == 0
            ? []
            : (await finds.Dom0.Files.ReadManyAsync(new BulkQuery([], [], wanted), cancellationToken).ConfigureAwait(false)).Names;
    }

    private string AliasOf(PciAddress address) =>
        finds.First.Files.GetValueOrDefault(AliasPath(address), string.Empty).Trim();

    private async Task<string> TextAsync(string path, CancellationToken cancellationToken) => System.Text.Encoding.UTF8.GetString(
        await finds.Dom0.Files.TryReadAsync(path, ListLimit, cancellationToken).ConfigureAwait(false) ?? []);
}
