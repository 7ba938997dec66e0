using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Reporting;
using XenDriverDomain.Waiting;

namespace XenDriverDomain.Images;

/// <summary>The images of a host: insides of driver domains, made of what dom0 has.</summary>
/// <param name="dom0">The host.</param>
/// <param name="pci">Its functions.</param>
public sealed partial class DriverDomainImages(Dom0 dom0, PciInventory pci)
{
    private const string Osrelease = "/proc/sys/kernel/osrelease";

    // Where configurations of domains are that may name an image, this module's or the administrator's.
    private static readonly string[] s_configurations = [$"{DriverDomainFiles.Directory}/*.cfg", "/etc/xen/*.cfg", "/etc/xen/auto/*"];

    /// <summary>Those in a directory, by id.</summary>
    /// <param name="path">The directory; null for that beside the configurations of driver domains.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<DriverDomainImage>> ListAsync(string? path, CancellationToken cancellationToken)
    {
        string folder = ImagePaths.Folder(path);
        BulkAnswer answer = await dom0.Files.ReadManyAsync(
            new BulkQuery(
                [Osrelease, .. ImageFinds.Facts, .. s_configurations], [],
                [
                    .. ImagePaths.Files.Select(name => $"{folder}/*/{name}"),

                    // What was being written when its writer was killed.
                    .. ImagePaths.Files.Select(name => $"{folder}/*/.{name}.*"),
                ]),
            cancellationToken).ConfigureAwait(false);
        string[] images =
            [.. answer.Names.Select(HostPath.Parent).Where(name => Id().IsMatch(name)).Distinct().Order(StringComparer.Ordinal)];
        if (images.Length == 0)
        {
            return [];
        }

        (IReadOnlyList<DriverDomainFile> users, byte[]?[] manifests) = await Together.AllAsync(
            new DriverDomainFiles(dom0.Files).ListAsync(new SilentReporter(), cancellationToken),
            Task.WhenAll(images.Select(image => dom0.Files.TryReadAsync(
                $"{image}/{ImagePaths.Manifest}", ImageManifest.Limit, cancellationToken).AsTask()))).ConfigureAwait(false);
        return [.. images.Select((image, i) => Describe(image, manifests[i], answer, users))];
    }

    /// <summary>One of them.</summary>
    /// <param name="image">Its id, or its directory where that is another one than usual.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">ImageNotFound.</exception>
    public async Task<DriverDomainImage> GetAsync(string image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        string directory = (image.StartsWith('/') ? image : $"{ImagePaths.Directory}/{image}").TrimEnd('/');
        if (!Id().IsMatch(directory))
        {
            throw ImageErrors.NotFound(image);
        }

        return (await ListAsync(HostPath.Parent(directory), cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(one => one.Directory == directory) ?? throw ImageErrors.NotFound(image);
    }

    /// <summary>Whether a text is the id of one, or a path is its directory: one with what this module keeps there.</summary>
    public async Task<bool> IsImageAsync(string image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        return !image.StartsWith('/')
            || (await Task.WhenAll(((string[])[ImagePaths.Ramdisk, ImagePaths.Manifest]).Select(
                name => dom0.Files.GetKindAsync($"{image.TrimEnd('/')}/{name}", cancellationToken).AsTask())).ConfigureAwait(false))
                .Any(kind => kind == HostFileKind.File);
    }

    /// <summary>Checks and plans the making of one; there are no steps when the same is there.</summary>
    /// <exception cref="XenDriverDomainException">What dom0 lacks.</exception>
    public async Task<PlannedChange<DriverDomainImage>> PlanNewAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await Task.WhenAll(request.PciDevice.Select(address => pci.GetAsync(address, cancellationToken))).ConfigureAwait(false);
        PlannedImage planned = await new ImagePlanner(dom0).PlanAsync(request, cancellationToken).ConfigureAwait(false);
        return new PlannedChange<DriverDomainImage>(
            new ChangePlan($"Make the image {planned.Content.Id}", planned.Step is null ? [] : [planned.Step]),
            token => GetAsync(planned.Folder, token));
    }

    /// <summary>Checks and plans the removal of one.</summary>
    /// <exception cref="XenDriverDomainException">ImageNotFound, ImageInUse.</exception>
    public async Task<PlannedChange<bool>> PlanRemoveAsync(string id, CancellationToken cancellationToken)
    {
        DriverDomainImage image = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (image.UsedBy.Count > 0)
        {
            throw ImageErrors.InUse(image.Id, image.UsedBy);
        }

        await ImagePlanner.RequireOwnAsync(dom0.Files, image.Directory, cancellationToken).ConfigureAwait(false);

        return new PlannedChange<bool>(
            new ChangePlan(
                $"Remove the image {image.Id}", [new ChangeStep($"Delete {image.Directory}", ImagePlanner.Removal(image.Directory))]),
            async token => await dom0.Files.GetKindAsync(image.Directory, token).ConfigureAwait(false) == HostFileKind.None);
    }

    /// <summary>Looks whether one can be used, is whole, and is of what dom0 has now. It changes nothing.</summary>
    /// <exception cref="XenDriverDomainException">ImageNotFound.</exception>
    public async Task<IReadOnlyList<Finding>> TestAsync(string id, CancellationToken cancellationToken)
    {
        DriverDomainImage image = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (image.State == ImageState.Incomplete)
        {
            return [Incomplete(image)];
        }

        List<Finding> findings = [];
        byte[] sums = await dom0.Files.ReadAsync($"{image.Directory}/{ImagePaths.Sums}", HostFileStep.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        Dictionary<string, string> made = new(StringComparer.Ordinal);
        foreach (string[] words in Encoding.UTF8.GetString(sums).Split('\n').Select(line => line.Split("  ", 2)))
        {
            if (words is [var sum, var name])
            {
                made[$"{image.Directory}/{name}"] = sum;
            }
        }

        string path = $"{image.Directory}/{ImagePaths.Manifest}";
        ImageManifest manifest = ImageManifest.Read(
            await dom0.Files.ReadAsync(path, ImageManifest.Limit, cancellationToken).ConfigureAwait(false), path);
        string[] inputs = [.. manifest.Inputs.Select(input => input.Path)];
        IReadOnlyDictionary<string, string> now =
            await SumsAsync([image.Kernel, image.Ramdisk, .. inputs], cancellationToken).ConfigureAwait(false);
        foreach (string file in (string[])[image.Kernel, image.Ramdisk])
        {
            if (made.GetValueOrDefault(file) is not { } sum || now.GetValueOrDefault(file) != sum)
            {
                findings.Add(new Finding(
                    ErrorIds.ImageDamaged, FindingSeverity.Error, image.Id, $"{file} is not what was made.",
                    $"Remove the image with Remove-XenDriverDomainImage, and make it anew.")
                {
                    Evidence = $"{image.Directory}/{ImagePaths.Sums}",
                });
            }
        }

        string[] changed =
            [.. manifest.Inputs.Where(input => now.GetValueOrDefault(input.Path) != input.Sha256).Select(input => input.Path)];
        if (image.State == ImageState.Old || changed.Length > 0)
        {
            string what = changed.Length == 0 ? string.Empty
                : $"{changed.Length} of the {inputs.Length} files that it was made of are others by now or gone: "
                    + $"{string.Join(", ", changed.Take(5).Select(one => Terminal.Text.Show(one)))}{(changed.Length > 5 ? ", …" : "")}.";
            findings.Add(new Finding(
                ErrorIds.ImageOld, FindingSeverity.Warning, image.Id,
                string.Join(' ', ((string?[])[image.Detail, what]).Where(s => s is { Length: > 0 })),
                "Make one of what dom0 has now with New-XenDriverDomainImage; until then this one goes on working."));
        }

        return findings;
    }

    private static Finding Incomplete(DriverDomainImage image) => new(
        ErrorIds.ImageIncomplete, FindingSeverity.Error, image.Id, image.Detail ?? "Its making was interrupted.",
        "Run the command that made it again, or remove it with Remove-XenDriverDomainImage.")
    {
        Evidence = image.Directory,
    };

    private async Task<IReadOnlyDictionary<string, string>> SumsAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        // What is gone it complains of, and goes on.
        CommandResult result = await dom0.Commands.RunAsync(
            new CommandRequest("sha256sum", ["--", .. paths]) { OnlyLooks = true }, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> sums = new(StringComparer.Ordinal);
        foreach (string[] words in result.StandardOutput.Split('\n').Select(line => line.Split("  ", 2)))
        {
            if (words is [var sum, var path])
            {
                sums[path] = sum;
            }
        }

        return sums;
    }

    private DriverDomainImage Describe(string folder, byte[]? json, BulkAnswer answer, IReadOnlyList<DriverDomainFile> users)
    {
        DriverDomainImage image = new()
        {
            Dom0 = dom0.Id,
            Id = folder[(folder.LastIndexOf('/') + 1)..],
            Directory = folder,
            State = ImageState.Incomplete,
            UsedBy =
            [
                .. users.Where(user => IsBelow(user.Configuration.Kernel, folder) || IsBelow(user.Configuration.Ramdisk, folder))
                    .Select(user => user.Configuration.Name),
                .. answer.Files.Where(file => users.All(user => user.Path != file.Key) && Names(file.Value, folder))
                    .Select(file => Terminal.Text.Show(file.Key)).Order(StringComparer.Ordinal),
            ],
        };
        if (json is null)
        {
            return image with { Detail = "Its making was interrupted: it has no manifest." };
        }

        ImageManifest manifest;
        try
        {
            manifest = ImageManifest.Read(json, $"{folder}/{ImagePaths.Manifest}");
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.ImageManifestInvalid)
        {
            return image with { Detail = e.Message };
        }

        image = image with
        {
            Role = manifest.Role,
            KernelRelease = Terminal.Text.Show(manifest.Kernel),
            XenVersion = Terminal.Text.Show(manifest.Xen),
            Driver = [.. manifest.Drivers.Select(driver => Terminal.Text.Show(driver))],
            Length = manifest.Length,
            Made = manifest.Made,
            MadeBy = Terminal.Text.Show(manifest.MadeBy),
        };
        if (!answer.Names.Contains($"{folder}/{ImagePaths.Sums}"))
        {
            return image with { Detail = "Its making was interrupted: its sums were not written." };
        }

        string kernel = answer.Files.GetValueOrDefault(Osrelease, string.Empty).Trim();
        string xen = ImageFinds.VersionIn(answer);
        string[] why =
        [
            .. manifest.Kernel == kernel ? (string[])[] : [$"dom0 runs the kernel {Terminal.Text.Show(kernel)}"],
            .. manifest.Xen == xen ? (string[])[] : [$"the host runs Xen {Terminal.Text.Show(xen)}"],
        ];
        return why.Length == 0
            ? image with { State = ImageState.Current }
            : image with
            {
                State = ImageState.Old,
                Detail = $"It is of the kernel {image.KernelRelease} and Xen {image.XenVersion}; {string.Join(" and ", why)}.",
            };
    }

    // Others have files of these names as well, and directories that are nobody's image.
    [GeneratedRegex("/[^/]+-[0-9a-f]{12}$")]
    private static partial Regex Id();

    // Files that are not understood, and those of somebody else, are taken at their word.
    private static bool Names(string text, string folder) => text.Split('\n').Any(
        line => !line.TrimStart().StartsWith('#') && line.Contains(folder + "/", StringComparison.Ordinal));

    private static bool IsBelow(string? file, string folder) => file?.StartsWith(folder + "/", StringComparison.Ordinal) == true;
}
