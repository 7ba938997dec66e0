using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Inventory;
using XenDriverDomain.Network;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>
/// Plans a new driver domain: its file, and the start where that was asked, for which its functions are taken from dom0 as
/// Add-XenPciAssignable does it.
/// </summary>
internal sealed class DriverDomainNewPlanner(
    Dom0 dom0, XlTool xl, DomainDirectory domains, PciInventory pci, PciAssignments assignments)
{
    private const int UsualMemoryMB = 512;
    private const int OwnMemoryMB = 256;

    /// <summary>Looks, refuses, or plans; the same request again goes on where an interrupted run stopped.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        NewDriverDomainRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        InsideOptions? inside = InsideOf(request);
        DomainConfiguration configuration = Configure(request, inside is null ? null : ToCome);
        DriverDomainChecks.RequireSound(configuration, request.Name, _ => true);
        inside?.Require();
        string path = request.Path is null ? DriverDomainFiles.PathOf(request.Name) : ConfigPath.Check(request.Path);
        PlannedImage? image = inside is null ? null
            : await PlanImageAsync(configuration, request, inside, cancellationToken).ConfigureAwait(false);
        if (image is not null)
        {
            configuration = Configure(request, image);
        }

        byte[] content = configuration.ToXlConfig().Write();
        DriverDomainStartPlanner starter = new(dom0, xl, domains, pci);
        ProbeStep probe = new(dom0, xl);
        List<ChangeStep> steps = image?.Step is { } making ? [making] : [];
        RunningServer? running = await starter.FindRunningAsync(configuration, cancellationToken).ConfigureAwait(false);
        bool isWritten;
        if (running is not null)
        {
            // It is this request's own when its file says so: a run that started it was cut off.
            isWritten = await IsWrittenAsync(path, content, cancellationToken).ConfigureAwait(false)
                ? true
                : throw Exists(request.Name, $"A domain named {running.Domain.Name} runs already (domid {running.Domain.Domid}).");
        }
        else
        {
            DriverDomainChecks checks = new(dom0, pci);
            Task<bool> writing = IsWrittenAsync(path, content, cancellationToken);
            Task<IReadOnlyList<PciDevice>> asking = checks.FindNotAssignableAsync(configuration, cancellationToken);
            await Task.WhenAll(
                writing,
                asking,
                image is null ? checks.RequireFilesAsync(configuration, request.Name, cancellationToken) : Task.CompletedTask,
                WarnAboutSharedDevicesAsync(configuration, path, cancellationToken),
                probe.PrepareAsync(cancellationToken)).ConfigureAwait(false);
            isWritten = await writing.ConfigureAwait(false);
            IReadOnlyList<PciAddress> taken = Takeable(await asking.ConfigureAwait(false), request);
            steps.AddRange(await assignments.PlanTakingAsync(taken, request.PciDevice, cancellationToken).ConfigureAwait(false));
        }

        if (!isWritten)
        {
            steps.Add(HostFileStep.Set($"Write the configuration {path}", path, content, null));
        }

        if (request.Start is { } start)
        {
            await starter.AddStepsAsync(steps, path, configuration, running, probe, start, cancellationToken).ConfigureAwait(false);
        }

        return new PlannedChange<DriverDomain>(
            new ChangePlan($"Create the driver domain {request.Name}", steps)
            {
                DescribeStateAsync = async token => string.Join(
                    ' ',
                    await starter.DescribeAsync(request.Name, token).ConfigureAwait(false),
                    await assignments.DescribeAsync(request.Start is null ? [] : request.PciDevice, token).ConfigureAwait(false)).TrimEnd(),
            },
            async token =>
            {
                DriverDomain now = await DriverDomainStartPlanner.ReadBackAsync(dom0, domains, request.Name, probe.Found, token)
                    .ConfigureAwait(false);

                // A file elsewhere is not among those that are listed.
                return now.ConfigPath is not null ? now : now with
                {
                    ConfigPath = path,
                    Bridge = configuration.Bridge,
                    PciDevice = now.Domid is null ? request.PciDevice : now.PciDevice,
                    Type = now.Type ?? configuration.Type,
                    MemoryMB = now.MemoryMB ?? configuration.MemoryMB,
                    Vcpus = now.Vcpus ?? configuration.Vcpus,
                };
            });
    }

    // For a start, what dom0 has or what is left of a domain that is gone is taken; what another domain has never is.
    private static PciAddress[] Takeable(IReadOnlyList<PciDevice> notAssignable, NewDriverDomainRequest request) =>
        notAssignable.FirstOrDefault(device => request.Start is null || device.State == PciDeviceState.Assigned) is { } refused
            ? throw DriverDomainChecks.NotAssignable(refused)
            : [.. notAssignable.Select(device => device.Address)];

    // Before it is known which image it is, when the rest is checked.
    private static PlannedImage ToCome { get; } = new(null!, ImagePaths.Directory, null);

    // What the user brings to boot from is his own affair, and is told nothing.
    private static InsideOptions? InsideOf(NewDriverDomainRequest request)
    {
        bool isOurs = request is { Type: DomainType.PV, Kernel: null, Ramdisk: null, Disk: [], PciDevice.Count: > 0 };
        return isOurs ? request.Inside ?? new InsideOptions()
            : request.Inside is null ? null
            : throw new XenDriverDomainException(
                ErrorIds.InsideOptionInvalid,
                ErrorKind.InvalidArgument,
                $"{request.Name} boots what is given with -Kernel, -Ramdisk, -Disk or -Type, and that cannot be told what to do inside.",
                "Leave these out, so that it gets an inside made of what dom0 has; or leave out -Vlan, -Mtu, -IPAddress, -Gateway, "
                    + "-Forwarding and -ConsoleShell, and have your own inside do so.",
                request.Name);
    }

    private async Task<PlannedImage> PlanImageAsync(
        DomainConfiguration configuration, NewDriverDomainRequest request, InsideOptions inside, CancellationToken cancellationToken)
    {
        foreach (PciAddress address in request.PciDevice)
        {
            await pci.GetAsync(address, cancellationToken).ConfigureAwait(false);
        }

        return await new ImagePlanner(dom0).PlanAsync(
            new ImageRequest
            {
                PciDevice = DriverDomainChecks.Addresses(configuration),
                HasVlan = inside.Vlan is not null,
                HasNat = inside.Forwarding == InsideForwarding.Nat,
                HasDhcp = inside.IsDhcp,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static DomainConfiguration Configure(NewDriverDomainRequest request, PlannedImage? image) => new()
    {
        Name = request.Name,
        Type = request.Type,
        MemoryMB = Memory(request, image),
        MaxMemoryMB = request.MaxMemoryMB,
        Vcpus = request.Vcpus,
        Kernel = image?.Kernel ?? request.Kernel,
        Ramdisk = image?.Ramdisk ?? request.Ramdisk,
        CommandLine = image is null ? request.CommandLine : CommandLine(request, image),
        IsDriverDomain = true,
        PciDevices = [.. request.PciDevice.Select(address => PciSpec.ForAddress(address) with
        {
            Permissive = request.Permissive ? true : null,
            MsiTranslate = request.MsiTranslate,
            RdmPolicy = request.RdmPolicy,
        })],
        Disks = [.. request.Disk.Select(DiskSpec.Parse)],
        Bridge = request.Bridge is not null ? InterfaceName.Check(request.Bridge)
            : image is not null && request.Inside?.Forwarding is null or InsideForwarding.Bridge ? InsideOptions.DefaultBridge
            : null,
    };

    private static int Memory(NewDriverDomainRequest request, PlannedImage? image) =>
        request.MemoryMB ?? (image is null ? UsualMemoryMB : OwnMemoryMB);

    // What the user adds comes last, and so has the last word.
    private static string CommandLine(NewDriverDomainRequest request, PlannedImage image) => string.Join(
        ' ',
        ((string?[])
        [
            "console=hvc0", "quiet",
            .. (request.Inside ?? new InsideOptions()).Words(request.Bridge),
            image.Content is null ? null : $"swiotlb={image.Content.BounceSlabs(Memory(request, image))}",
            request.CommandLine,
        ]).Where(word => !string.IsNullOrEmpty(word)));

    private async Task<bool> IsWrittenAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        switch (await dom0.Files.GetKindAsync(path, cancellationToken).ConfigureAwait(false))
        {
            case HostFileKind.None:
                return false;
            case HostFileKind.File:
                byte[] there = await dom0.Files.ReadAsync(path, XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false);
                return there.AsSpan().SequenceEqual(content) || Differences(there, content, path) is not { } differences
                    ? true
                    : throw Exists(path, $"{path} exists already and differs from what is asked for: {differences}.");
            default:
                throw Exists(path, $"{path} exists already and is no file.");
        }
    }

    // Null when both say the same, whatever comments somebody has added to the file.
    private static string? Differences(byte[] there, byte[] content, string path)
    {
        XlConfigDocument asked = XlConfigDocument.Parse(content);
        XlConfigDocument found;
        try
        {
            found = XlConfigDocument.Parse(there, path);
        }
        catch (ConfigException e)
        {
            return e.Message.TrimEnd('.');
        }

        return XlConfigDifferences.Describe(found, asked, DomainConfigWriter.BridgeNote);
    }

    private async Task WarnAboutSharedDevicesAsync(
        DomainConfiguration configuration, string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<PciAddress> wanted = DriverDomainChecks.Addresses(configuration);
        foreach (DriverDomainFile other in await new DriverDomainFiles(dom0.Files).ListAsync(dom0.Reporter, cancellationToken)
            .ConfigureAwait(false))
        {
            PciAddress[] shared = [.. DriverDomainChecks.Addresses(other.Configuration).Intersect(wanted)];
            if (shared.Length > 0 && other.Path != path)
            {
                dom0.Reporter.Warning(
                    $"{other.Path} lists {string.Join(", ", shared)}, too: only one of these domains can run at a time.");
            }
        }
    }

    private static XenDriverDomainException Exists(string target, string message) => new(
        ErrorIds.DomainAlreadyExists,
        ErrorKind.AlreadyExists,
        message,
        "Choose another name, start it as it is with Start-XenDriverDomain, or remove it with Remove-XenDriverDomain first.",
        target);
}
