using XenDriverDomain.Access;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Guests;
using XenDriverDomain.Images;
using XenDriverDomain.Inventory;
using XenDriverDomain.Kernels;
using XenDriverDomain.Roots;
using XenDriverDomain.Snapshots;
using XenDriverDomain.Traces;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Hosts;

/// <summary>
/// A connected host with all services on it: the one place where they are put together. Disposing it ends the connection.
/// </summary>
public sealed class HostSession : IAsyncDisposable
{
    /// <summary>The id of this machine, when it is the dom0.</summary>
    public const string LocalId = LocalDom0.Id;

    private HostSession(Dom0 dom0, IDom0Files? here)
    {
        Dom0 = dom0;
        XlTool xl = new(dom0);
        Xl = xl;
        Domains = new DomainDirectory(dom0, xl);
        Pci = new PciInventory(dom0, here);
        Assignments = new PciAssignments(dom0, Pci, xl);
        AtBoot = new AtBootAssignments(dom0, Pci);
        Quirks = new PciQuirks(dom0, Pci);
        Policies = new PciPolicies(dom0, Pci);
        DriverDomains = new DriverDomainPlans(dom0, xl, Domains, Pci, Assignments);
        Guests = new GuestPlans(dom0, xl, Domains);
        Vifs = new GuestVifs(dom0, xl, Domains);
        Inspector = new HostInspector(dom0, xl);
        Recorder = new HostRecorder(dom0, xl, here);
        Kernels = new KernelTests(dom0);
        Roots = new DriverDomainRoots(dom0, xl);
        Footprint = new HostFootprint(dom0);
        Images = new DriverDomainImages(dom0, Pci);
    }

    /// <summary>The ports.</summary>
    public Dom0 Dom0 { get; }

    /// <summary>xl.</summary>
    internal XlTool Xl { get; }

    /// <summary>The running domains.</summary>
    public DomainDirectory Domains { get; }

    /// <summary>The PCI functions.</summary>
    public PciInventory Pci { get; }

    /// <summary>Binding to pciback and back.</summary>
    public PciAssignments Assignments { get; }

    /// <summary>What pciback takes at boot.</summary>
    public AtBootAssignments AtBoot { get; }

    /// <summary>What pciback lets guests write.</summary>
    public PciQuirks Quirks { get; }

    /// <summary>What it is to let them write.</summary>
    public PciPolicies Policies { get; }

    /// <summary>Driver domains.</summary>
    public DriverDomainPlans DriverDomains { get; }

    /// <summary>Guests.</summary>
    public GuestPlans Guests { get; }

    /// <summary>Network front ends.</summary>
    public GuestVifs Vifs { get; }

    /// <summary>What the host is and can do.</summary>
    public HostInspector Inspector { get; }

    /// <summary>Records the host.</summary>
    public HostRecorder Recorder { get; }

    /// <summary>What its kernels can be used for.</summary>
    public KernelTests Kernels { get; }

    /// <summary>Insides of driver domains, made of what the host has.</summary>
    public DriverDomainImages Images { get; }

    /// <summary>Roots that others have installed, as insides of driver domains.</summary>
    public DriverDomainRoots Roots { get; }

    /// <summary>What this module has left on the host.</summary>
    public HostFootprint Footprint { get; }

    /// <summary>This machine as the dom0. Nothing is opened before it is used.</summary>
    /// <param name="time">The clock of every wait.</param>
    public static HostSession Local(TimeProvider time) => new(LocalDom0.Create(time, OpenXenStoreAsync), null);

    /// <summary>A host that is reached over SSH.</summary>
    /// <param name="options">The host and the way to it.</param>
    /// <param name="time">The clock of every wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Errors.XenDriverDomainException">
    /// SshNotInstalled, ConnectionFailed, SshHostKeyRejected or SshAuthenticationFailed.
    /// </exception>
    public static async Task<HostSession> ConnectAsync(SshOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        new(
            await SshDom0.ConnectAsync(options, time, OpenXenStoreAsync, cancellationToken).ConfigureAwait(false),
            // Names of vendors and devices are the same everywhere: a pci.ids here saves fetching dom0's.
            new LocalFiles());

    /// <summary>A host whose ports somebody else has made, such as a simulated one. Disposing the session disposes them.</summary>
    /// <param name="dom0">The ports.</param>
    /// <param name="here">Files of this machine that spare asking the host (pci.ids); null when the host is to be asked.</param>
    public static HostSession Of(Dom0 dom0, IDom0Files? here = null)
    {
        ArgumentNullException.ThrowIfNull(dom0);
        return new HostSession(dom0, here);
    }

    /// <summary>What carries out a plan on this host.</summary>
    public HostHand Hand => new(Dom0, Xl);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Dom0.DisposeAsync();

    private static async ValueTask<IXenStoreClient> OpenXenStoreAsync(Dom0 dom0, CancellationToken cancellationToken) =>
        await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, cancellationToken).ConfigureAwait(false);
}
