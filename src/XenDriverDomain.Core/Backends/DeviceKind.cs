using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Backends;

/// <summary>
/// A kind of split device, as far as it is read. What is the same for all kinds is written once, for a <see cref="SplitDevice"/>
/// (<see cref="DeviceReader"/>); a kind gives what is its own.
/// </summary>
/// <typeparam name="TRecord">What is read of one.</typeparam>
internal abstract class DeviceKind<TRecord>
    where TRecord : DeviceRecord
{
    /// <summary>Its name in xenstore: vif, vbd.</summary>
    public abstract string Name { get; }

    /// <summary>The keys of the toolstack's record that are of use beside those that all kinds have.</summary>
    public abstract IReadOnlyList<string> Settings { get; }

    /// <summary>One of this kind.</summary>
    public SplitDevice Device(int guest, int devid) => new(Name, guest, devid);

    /// <summary>The record of this kind.</summary>
    public abstract TRecord Of(DeviceRecord read);
}

/// <summary>
/// A kind of split device that is attached, waited for and detached (<see cref="DeviceAttacher"/>, <see cref="DeviceWaiter"/>,
/// <see cref="DeviceDetacher"/>): by which commands of xl, in which words, and what its ends tell together.
/// </summary>
/// <typeparam name="TRecord">What is read of one.</typeparam>
internal abstract class AttachableKind<TRecord> : DeviceKind<TRecord>
    where TRecord : DeviceRecord
{
    /// <summary>What a person calls one: vif.</summary>
    public abstract string Noun { get; }

    /// <summary>xl's subcommand that attaches one; it takes the guest and the parts of a specification.</summary>
    public abstract string AttachCommand { get; }

    /// <summary>xl's subcommand that detaches one; it takes the guest and the device's number.</summary>
    public abstract string DetachCommand { get; }

    /// <summary>The ids of its errors.</summary>
    public abstract DeviceErrorIds Errors { get; }

    /// <summary>A device by its number in the guest, for a person: <c>vif 0</c>.</summary>
    public abstract string NameOf(TRecord device);

    /// <summary>The same with all that it is known by: <c>vif 0 (00:16:3e:00:00:01)</c>.</summary>
    public abstract string DescriptionOf(TRecord device);

    /// <summary>What its ends say, from xenstore alone.</summary>
    public abstract DeviceHealth ExplainEnds(TRecord device);

    /// <summary>The same, and whether the domains that they are in run.</summary>
    public abstract DeviceHealth Explain(TRecord device, DomainStates states);
}

/// <summary>What a device's record means.</summary>
/// <param name="Status">How the device stands.</param>
/// <param name="Finding">What is wrong or awaited, the error when it does not change in time; null when all is well.</param>
internal sealed record DeviceHealth(VifStatus Status, Finding? Finding)
{
    /// <summary>True for what waiting cannot change, whatever the ends still do: a domain is paused, or has ended.</summary>
    public bool IsStandstill { get; init; }
}

/// <summary>The ids of the errors that a kind of device has, as constants of <see cref="ErrorIds"/>.</summary>
/// <param name="Gone">It vanished while it was being connected.</param>
/// <param name="AttachFailed">xl has attached none.</param>
/// <param name="BackendMismatch">Another domain backs it than was asked for.</param>
/// <param name="NoBackendDriver">No driver in the back-end domain has taken it.</param>
/// <param name="DetachIncomplete">Something of it is left.</param>
internal sealed record DeviceErrorIds(
    string Gone, string AttachFailed, string BackendMismatch, string NoBackendDriver, string DetachIncomplete);
