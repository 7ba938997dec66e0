using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Images;

/// <summary>Plans the making of an image: one step, that makes all of its files, or none.</summary>
/// <param name="dom0">The host.</param>
internal sealed class ImagePlanner(Dom0 dom0)
{
    /// <summary>Looks, refuses, or plans.</summary>
    /// <param name="request">What it is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PlannedImage> PlanAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        ImagePaths.Folder(request.Path);
        ImageContent content = await ImageSurvey.LookAsync(dom0, request, cancellationToken).ConfigureAwait(false);
        string folder = $"{ImagePaths.Folder(request.Path)}/{content.Id}";
        bool isThere = (await Task.WhenAll(ImagePaths.Files.Select(
            name => dom0.Files.GetKindAsync($"{folder}/{name}", cancellationToken).AsTask())).ConfigureAwait(false))
            .All(kind => kind == HostFileKind.File);
        return new PlannedImage(content, folder, isThere ? null : Step(content, folder));
    }

    private ChangeStep Step(ImageContent content, string folder)
    {
        string megabytes = (content.Length / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
        string drivers = content.Drivers.Count == 0 ? string.Empty : $" with {string.Join(", ", content.Drivers)}";
        string[] files = [.. ImagePaths.Files.Select(name => $"{folder}/{name}")];
        return new ChangeStep(
            $"Make the image {content.Id}{drivers} of {content.Entries.OfType<HostFileEntry>().Count() + 1} files of dom0's"
                + $" ({megabytes} MB unpacked) in {folder}",
            // What an interrupted run left of it.
            new When(new PathExists(folder), Removal(folder)),
            new ComposeFile(files[0], [FilePiece.Of(content.Kernel.Source, content.Kernel.Length)], false),
            new ComposeFile(files[1], content.Pieces(), true),
            new ReplaceFile(files[2], ImageManifest.Of(content, dom0.Time.GetUtcNow().UtcDateTime).Write()),
            new Act<IReadOnlyDictionary<string, string>>(
                new SumFiles(folder, [ImagePaths.Kernel, ImagePaths.Ramdisk], files[3]),
                (sums, _, _) => sums[ImagePaths.Kernel] == content.Kernel.Sha256
                    ? Task.CompletedTask
                    : throw ImageErrors.NotMade(files[0], $"its sum is not that of {content.Kernel.Source}")))
        {
            UndoDescription = $"Delete the image {content.Id}",
            Undo = Removal(folder),
            IsUndoneAsync = async (hand, token) => !await hand.HoldsAsync(new PathExists(folder), token).ConfigureAwait(false),
        };
    }

    /// <summary>
    /// What takes an image away, with what an interrupted run left in its directory; the sums first, so that it is no image any more.
    /// </summary>
    public static IReadOnlyList<StepPart> Removal(string folder) =>
    [
        new Look((hand, token) => RequireOwnAsync(hand.Dom0.Files, folder, token)),
        new DeleteFile($"{folder}/{ImagePaths.Sums}"),
        new Act<CommandResult>(new RunProgram("rm", "-rf", "--", folder), null),
        new Look(async (hand, token) =>
        {
            if (await hand.HoldsAsync(new PathExists(folder), token).ConfigureAwait(false))
            {
                throw new HostFileException("delete", folder, Errno.EEXIST, "it is still there");
            }
        }),
    ];

    /// <summary>
    /// Refuses a directory with anything in it that is not of an image: it is going to be deleted with all that is in it.
    /// </summary>
    /// <exception cref="XenDriverDomainException">ImageHoldsOther.</exception>
    public static async Task RequireOwnAsync(IDom0Files files, string folder, CancellationToken cancellationToken)
    {
        if (await files.GetKindAsync(folder, cancellationToken).ConfigureAwait(false) == HostFileKind.None)
        {
            return;
        }

        // A file that was being written has a name of its own, with its own in it.
        string[] others =
        [
            .. (await files.ListAsync(folder, cancellationToken).ConfigureAwait(false)).Where(name =>
                !ImagePaths.Files.Any(file => name == file || name.StartsWith($".{file}.", StringComparison.Ordinal))),
        ];
        if (others.Length > 0)
        {
            throw ImageErrors.HoldsOther(folder, others);
        }
    }
}

/// <summary>An image that is there, or will be when the step has been carried out.</summary>
/// <param name="Content">What it is made of.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Step">What makes it; null when it is there.</param>
internal sealed record PlannedImage(ImageContent Content, string Folder, ChangeStep? Step)
{
    /// <summary>The kernel.</summary>
    public string Kernel => $"{Folder}/{ImagePaths.Kernel}";

    /// <summary>The initial RAM disk.</summary>
    public string Ramdisk => $"{Folder}/{ImagePaths.Ramdisk}";
}
