using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Images;

/// <summary>Why an image cannot be made or had.</summary>
internal static class ImageErrors
{
    public static XenDriverDomainException Missing(string dom0, IReadOnlyList<MissingPart> parts) => new(
        ErrorIds.ImagePartsMissing,
        ErrorKind.NotFound,
        $"{dom0} lacks what the inside of a driver domain is made of: {string.Join(", ", parts.Select(part => Text.Show(part.Name)))}.",
        string.Join(' ', parts.GroupBy(part => part.Remedy).Select(group => group.Key)),
        parts[0].Name);

    public static XenDriverDomainException NoKernel(string dom0, string release, IEnumerable<string> places) => new(
        ErrorIds.ImageKernelNotFound,
        ErrorKind.NotFound,
        $"The kernel {Text.Show(release)}, which {dom0} runs, is not there as a file: there is none of {string.Join(", ", places)}.",
        "Start dom0 with a kernel that is installed, or give -Kernel and -Ramdisk yourself.",
        release);

    public static XenDriverDomainException NoDriver(object address, string release, string? package) => new(
        ErrorIds.ImageDriverNotFound,
        ErrorKind.NotFound,
        $"No module of the kernel {Text.Show(release)} says that it drives {address}.",
        $"{AllModules(release, package)[..^1]}, or give a -Kernel and -Ramdisk that drive the card.",
        address);

    /// <summary>What to do when a kernel lacks modules: a sentence.</summary>
    /// <param name="release">The kernel's release.</param>
    /// <param name="package">The package that has all of its modules; null where it is not known.</param>
    public static string AllModules(string release, string? package) => package is null
        ? $"Install the package of the kernel {Text.Show(release)} with all of its modules."
        : $"Install {Text.Show(package)}, the package of the kernel {Text.Show(release)} with all of its modules.";

    public static XenDriverDomainException LookFailed(string program, string words) => new(
        ErrorIds.ImageLookFailed,
        ErrorKind.Protocol,
        $"{program} on dom0 does not tell what is needed: {Text.Show(words.Trim(), 300)}",
        $"Run {program} on dom0 yourself, and see to what it says.",
        program);

    public static XenDriverDomainException LooksNot(string program, string package) => new(
        ErrorIds.ImageLookFailed,
        ErrorKind.Protocol,
        $"{program}, which is to tell what is needed, is not on dom0.",
        $"Install {package}, which has {program}.",
        program);

    public static XenDriverDomainException NotMade(string path, string why) => new(
        ErrorIds.ImageNotMade,
        ErrorKind.Device,
        $"{path} is not what was to be made: {why}.",
        "Run the same command again; if that does not help, look whether the file system is full or dom0's packages are being changed.",
        path);

    public static XenDriverDomainException NotFound(string id) => new(
        ErrorIds.ImageNotFound,
        ErrorKind.NotFound,
        $"There is no image '{Text.Show(id)}'.",
        "Get-XenDriverDomainImage lists those that there are.",
        id);

    public static XenDriverDomainException InUse(string id, IEnumerable<string> users) => new(
        ErrorIds.ImageInUse,
        ErrorKind.InUse,
        $"The image {id} is what {string.Join(", ", users)} would be started from.",
        "Remove these driver domains first, or have them use another image.",
        id);

    public static XenDriverDomainException HoldsOther(string folder, IEnumerable<string> names) => new(
        ErrorIds.ImageHoldsOther,
        ErrorKind.InvalidState,
        $"{folder} holds what is of no image: {string.Join(", ", names.Take(5).Select(name => Text.Show(name)))}. Nothing was deleted.",
        "Move that elsewhere, or delete the image's own files yourself.",
        folder);

    public static XenDriverDomainException BadManifest(string path, string why) => new(
        ErrorIds.ImageManifestInvalid,
        ErrorKind.Protocol,
        $"{path} is no manifest that this version reads: {Text.Show(why, 200)}",
        "Make the image anew with New-XenDriverDomainImage, or use the version of this module that wrote it.",
        path);
}

/// <summary>Something that is not there and is needed.</summary>
/// <param name="Name">The program, module or library.</param>
/// <param name="Remedy">What to do, a sentence.</param>
internal sealed record MissingPart(string Name, string Remedy);
