using System.Globalization;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Network;

namespace XenDriverDomain.Backends.Clients;

/// <summary>
/// A vif that a driver domain serves or served, with all that is needed to connect it again: what libxl stored of it, and which guest it
/// belongs to. A domid alone does not say that, since numbers are given anew.
/// </summary>
internal sealed record ClientRecord
{
    /// <summary>The driver domain's name.</summary>
    public required string Server { get; init; }

    /// <summary>The guest's UUID; null when xenstore has none of it, and then the domid and the name must do.</summary>
    public required Guid? GuestUuid { get; init; }

    /// <summary>The guest's domid when this was written.</summary>
    public required int GuestDomid { get; init; }

    /// <summary>The guest's name, as read.</summary>
    public required string GuestName { get; init; }

    /// <summary>The vif's number in the guest.</summary>
    public required int Devid { get; init; }

    /// <summary>The domid of the back end when this was written.</summary>
    public required int BackendDomid { get; init; }

    /// <summary>What the toolstack stored of the vif, by its own keys (mac, bridge, script, …).</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The MAC address; null when it is not recorded as one.</summary>
    public MacAddress? Mac => VifRecord.MacOf(Settings);

    /// <summary>The bridge; null when none is named.</summary>
    public string? Bridge => VifRecord.BridgeOf(Settings);

    /// <summary>What is asked of xl to have it again.</summary>
    /// <exception cref="Errors.XenDriverDomainException">VifRequestInvalid or VifSpecMalformed: a value that xl could not be
    /// given.</exception>
    public VifSpec? Spec => VifSpecs.Of(Devid, Settings);

    /// <summary>A vif as it is now.</summary>
    public static ClientRecord Of(VifRecord vif, string server, Guid? guestUuid) => new()
    {
        Server = server,
        GuestUuid = guestUuid,
        GuestDomid = vif.Device.Guest,
        GuestName = vif.GuestName ?? string.Empty,
        Devid = vif.Device.Devid,
        BackendDomid = vif.BackendDomid,
        Settings = vif.Settings,
    };

    /// <summary>True when both are the same vif of the same guest.</summary>
    public bool IsSame(ClientRecord other) =>
        Mac == other.Mac && (GuestUuid is null && other.GuestUuid is null ? GuestDomid == other.GuestDomid : GuestUuid == other.GuestUuid);

    /// <summary>For a person: <c>fe1 vif 0 (00:16:3e:00:00:01)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Terminal.Text.Show(GuestName)} vif {Devid} ({Mac})");
}
