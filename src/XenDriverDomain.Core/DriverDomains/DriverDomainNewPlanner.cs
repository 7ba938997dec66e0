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
        DomainConfiguration configuration = inside is null ? Configure(request) : ConfigureBefore(request);
        DriverDomainChecks.RequireSound(configuration, request.Name, _ => true);
        inside?.Require();
        if (inside is { Forwarding: not InsideForwarding.Bridge } && request.Bridge is not null)
        {
            throw new XenDriverDomainException(
                ErrorIds.InsideOptionInvalid,
                ErrorKind.InvalidArgument,
                $"An inside that forwards by {inside.Forwarding} makes no bridge, and {Terminal.Text.Show(request.Bridge)} was asked for.",
                "Leave out -Bridge or -Forwarding.",
                request.Bridge);
        }

        string path = request.Path is null ? DriverDomainFiles.PathOf(request.Name) : ConfigPath.Check(request.Path);
        DriverDomainStartPlanner starter = new(dom0, xl, domains, pci);
        ProbeStep probe = new(dom0, xl);
        List<ChangeStep> steps = [];
        RunningServer? running = await starter.FindRunningAsync(configuration, cancellationToken).ConfigureAwait(false);
        if (running is null)
        {
            DriverDomainChecks checks = new(dom0, pci);
            Task<IReadOnlyList<PciDevice>> asking = checks.FindNotAssignableAsync(configuration, cancellationToken);
            await Task.WhenAll(
                asking,
                inside is null ? checks.RequireFilesAsync(configuration, request.Name, cancellationToken) : Task.CompletedTask,
                WarnAboutSharedDevicesAsync(configuration, path, cancellationToken),
                probe.PrepareAsync(cancellationToken)).ConfigureAwait(false);
            IReadOnlyList<PciAddress> taken = Takeable(await asking.ConfigureAwait(false), request);
            steps.AddRange(await assignments.PlanTakingAsync(taken, request.PciDevice, cancellationToken).ConfigureAwait(false));
        }

        // What it takes longest to look at comes when nothing else speaks against it, and what it takes longest to make before a card is
        // taken for it.
        if (inside is not null)
        {
            PlannedImage image = await new ImagePlanner(dom0).PlanAsync(ImageOf(configuration, inside), cancellationToken)
                .ConfigureAwait(false);
            configuration = Configure(request, inside, image);
            if (image.Step is { } making)
            {
                steps.Insert(0, making);
            }
        }

        byte[] content = configuration.ToXlConfig().Write();
        if (!await IsWrittenAsync(path, content, cancellationToken).ConfigureAwait(false))
        {
            // One that runs is this request's own when its file says so: a run that started it was cut off.
            if (running is not null)
            {
                throw Exists(request.Name, $"A domain named {running.Domain.Name} runs already (domid {running.Domain.Domid}).");
            }

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

    private static ImageRequest ImageOf(DomainConfiguration configuration, InsideOptions inside) => new()
    {
        PciDevice = DriverDomainChecks.Addresses(configuration),
        HasVlan = inside.Vlan is not null,
        HasNat = inside.Forwarding == InsideForwarding.Nat,
        HasDhcp = inside.IsDhcp,
    };

    // With an image to come: enough to check the rest.
    private static DomainConfiguration ConfigureBefore(NewDriverDomainRequest request) =>
        Configure(request with { MemoryMB = request.MemoryMB ?? OwnMemoryMB }) with { Kernel = ImagePaths.Directory };

    private static DomainConfiguration Configure(NewDriverDomainRequest request, InsideOptions inside, PlannedImage image)
    {
        DomainConfiguration before = ConfigureBefore(request);
        if (before.MemoryMB < image.Content.LeastMemoryMB)
        {
            throw new XenDriverDomainException(
                ErrorIds.InsideOptionInvalid,
                ErrorKind.InvalidArgument,
                $"{request.Name} would have {before.MemoryMB} MB of memory, and its inside needs {image.Content.LeastMemoryMB} MB to boot.",
                "Give it more with -Memory; 256MB are plenty.",
                request.Name);
        }

        // What the user adds comes last, and so has the last word.
        string[] words =
        [
            "console=hvc0", "quiet", .. inside.Words(request.Bridge), $"swiotlb={image.Content.BounceSlabs(before.MemoryMB ?? 0)}",
            .. string.IsNullOrEmpty(request.CommandLine) ? (string[])[] : [request.CommandLine],
        ];
        return before with
        {
            Kernel = image.Kernel,
            Ramdisk = image.Ramdisk,
            CommandLine = string.Join(' ', words),
            Bridge = before.Bridge ?? (inside.Forwarding == InsideForwarding.Bridge ? InsideOptions.DefaultBridge : null),
        };
    }

    private static DomainConfiguration Configure(NewDriverDomainRequest request) => new()
    {
        Name = request.Name,
        Type = request.Type,
        MemoryMB = request.MemoryMB ?? UsualMemoryMB,
        MaxMemoryMB = request.MaxMemoryMB,
        Vcpus = request.Vcpus,
        Kernel = request.Kernel,
        Ramdisk = request.Ramdisk,
        CommandLine = request.CommandLine,
        IsDriverDomain = true,
        PciDevices = [.. request.PciDevice.Select(address => PciSpec.ForAddress(address) with
        {
            Permissive = request.Permissive ? true : null,
            MsiTranslate = request.MsiTranslate,
            RdmPolicy = request.RdmPolicy,
        })],
        Disks = [.. request.Disk.Select(DiskSpec.Parse)],
        Bridge = request.Bridge is null ? null : InterfaceName.Check(request.Bridge),
    };

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
