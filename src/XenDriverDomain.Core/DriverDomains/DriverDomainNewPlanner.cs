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
    /// <summary>Looks, refuses, or plans; the same request again goes on where an interrupted run stopped.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        NewDriverDomainRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        DomainConfiguration configuration = Configure(request);
        DriverDomainChecks.RequireSound(configuration, request.Name, _ => true);
        string path = request.Path is null ? DriverDomainFiles.PathOf(request.Name) : ConfigPath.Check(request.Path);
        byte[] content = configuration.ToXlConfig().Write();
        DriverDomainStartPlanner starter = new(dom0, xl, domains, pci);
        ProbeStep probe = new(dom0, xl);
        List<ChangeStep> steps = [];
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
                checks.RequireFilesAsync(configuration, request.Name, cancellationToken),
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

    private static DomainConfiguration Configure(NewDriverDomainRequest request) => new()
    {
        Name = request.Name,
        Type = request.Type,
        MemoryMB = request.MemoryMB,
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
