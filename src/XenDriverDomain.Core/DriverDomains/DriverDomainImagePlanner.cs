using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Inventory;

namespace XenDriverDomain.DriverDomains;

/// <summary>Plans the image of a driver domain anew, of what dom0 has now; the old one stays for as long as the domain runs.</summary>
/// <param name="dom0">The host.</param>
/// <param name="pci">Its functions.</param>
internal sealed class DriverDomainImagePlanner(Dom0 dom0, PciInventory pci)
{
    /// <summary>Looks, refuses, or plans.</summary>
    /// <param name="name">The driver domain.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PlannedChange<DriverDomainImage>> PlanAsync(string name, CancellationToken cancellationToken)
    {
        string path = DriverDomainFiles.Locate(name);
        byte[] before = await dom0.Files.TryReadAsync(path, XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false)
            ?? throw NoImage(name, $"there is no configuration {path}");
        DriverDomainFile file = await new DriverDomainFiles(dom0.Files).TryReadAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw NoImage(name, $"there is no configuration {path}");
        string folder = file.Configuration.Ramdisk is { } ramdisk && ramdisk.EndsWith("/" + ImagePaths.Ramdisk, StringComparison.Ordinal)
            ? HostPath.Parent(ramdisk)
            : throw NoImage(name, $"{path} names no image of this module");
        byte[] json = await dom0.Files.TryReadAsync($"{folder}/{ImagePaths.Manifest}", ImageManifest.Limit, cancellationToken)
            .ConfigureAwait(false) ?? throw NoImage(name, $"{folder} has no {ImagePaths.Manifest}");
        ImageManifest manifest = ImageManifest.Read(json, $"{folder}/{ImagePaths.Manifest}");
        PlannedImage planned = await new ImagePlanner(dom0).PlanAsync(
            new ImageRequest
            {
                PciDevice = DriverDomainChecks.Addresses(file.Configuration),
                Role = manifest.Role,
                HasVlan = manifest.HasVlan,
                HasNat = manifest.HasNat,
                HasDhcp = manifest.HasDhcp,
                Path = HostPath.Parent(folder),
            },
            cancellationToken).ConfigureAwait(false);
        List<ChangeStep> steps = planned.Step is null ? [] : [planned.Step];
        if (planned.Folder != folder)
        {
            // What else somebody has written in the file stays as it is.
            string text = Encoding.Latin1.GetString(before).Replace(folder + "/", planned.Folder + "/", StringComparison.Ordinal);
            steps.Add(HostFileStep.Set(
                $"Have {path} name the image {planned.Content.Id} from the next start on", path, Encoding.Latin1.GetBytes(text), before));
        }

        return new PlannedChange<DriverDomainImage>(
            new ChangePlan($"Make the image of {name} anew", steps),
            token => new DriverDomainImages(dom0, pci).GetAsync(planned.Folder, token));
    }

    private static XenDriverDomainException NoImage(string name, string why) => new(
        ErrorIds.ImageNotFound,
        ErrorKind.NotFound,
        $"{Terminal.Text.Show(name)} has no image to be made anew: {Terminal.Text.Show(why)}.",
        "Make one with New-XenDriverDomainImage -PciDevice, or have New-XenDriverDomain make it by leaving out -Kernel.",
        name);
}
