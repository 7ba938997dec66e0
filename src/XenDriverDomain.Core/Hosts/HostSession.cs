using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Backends;
using XenDriverDomain.Checks;
using XenDriverDomain.Domains;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Hosts;

/// <summary>
/// A connected host with all services on it: the one place where they are put together. Disposing it ends the connection.
/// </summary>
public sealed class HostSession : IAsyncDisposable
{
    /// <summary>The id of this machine, when it is the dom0.</summary>
    public const string LocalId = "local";

    private HostSession(Dom0 dom0) => Dom0 = dom0;

    /// <summary>The ports.</summary>
    public Dom0 Dom0 { get; }

    /// <summary>xl.</summary>
    public required IXl Xl { get; init; }

    /// <summary>The running domains.</summary>
    public required IDomainDirectory Domains { get; init; }

    /// <summary>The PCI functions.</summary>
    public required IPciInventory Pci { get; init; }

    /// <summary>Binding to pciback and back.</summary>
    public required IPciAssignments Assignments { get; init; }

    /// <summary>Driver domains.</summary>
    public required IDriverDomains DriverDomains { get; init; }

    /// <summary>Guests.</summary>
    public required IGuests Guests { get; init; }

    /// <summary>Network front ends.</summary>
    public required IGuestVifs Vifs { get; init; }

    /// <summary>What the host is and can do.</summary>
    public required IHostInspector Inspector { get; init; }

    /// <summary>tmp</summary>
    public static HostSession Local(TimeProvider time) => throw new Errors.XenDriverDomainException("Tmp", Errors.ErrorKind.NotSupported, "tmp", "tmp");

    /// <summary>tmp</summary>
    public static Task<HostSession> ConnectAsync(SshOptions options, TimeProvider time, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Dom0.DisposeAsync();
}
