namespace XenDriverDomain.Backends;

/// <summary>A device of a guest that another domain backs, as the toolstack recorded it (<c>/libxl/G/device/KIND/ID</c>).</summary>
/// <param name="GuestDomid">The guest.</param>
/// <param name="GuestName">Its name; null when it is gone. Not fit to be shown.</param>
/// <param name="Kind">vif, vbd, …</param>
/// <param name="Devid">The device's number.</param>
/// <param name="BackendDomid">The domain that backs it.</param>
internal sealed record DomainClient(int GuestDomid, string? GuestName, string Kind, int Devid, int BackendDomid)
{
    /// <summary>For a person: <c>fe1 vif 0</c>.</summary>
    public override string ToString() =>
        $"{(GuestName is null ? $"domid {GuestDomid}" : Terminal.Text.Show(GuestName))} {Terminal.Text.Show(Kind)} {Devid}";
}
