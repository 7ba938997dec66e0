using System.Globalization;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>
/// Says what the two ends of a vif tell together. No key says that a back end is alive; it follows from the states, from what
/// the hotplug script wrote, and from who is still there (xen/include/public/io/netif.h, drivers/net/xen-netback/xenbus.c,
/// libxl_device.c: xl network-attach succeeds without the script ever having run).
/// </summary>
internal static class VifDiagnosis
{
    /// <summary>
    /// The finding for a vif: what its ends say, and whether the domains that they are in run. Both ends stay as they are when a domain is
    /// paused or crashes, so that they alone never make a vif Connected.
    /// </summary>
    /// <param name="vif">The record.</param>
    /// <param name="states">What the domains do.</param>
    /// <param name="isConfigured">Whether its back end has a file to be started from; null when nobody looked.</param>
    public static DeviceHealth Explain(VifRecord vif, DomainStates states, bool? isConfigured = null)
    {
        (string backend, string guest) = (vif.ShownBackend, vif.ShownGuest);
        if (vif.BackendName is not null && ServerRemedies.StopOf(states[vif.BackendDomid], backend, isConfigured) is { } server)
        {
            return Ill(
                vif,
                VifStatus.Failed,
                server.IsPaused ? ErrorIds.VifBackendPaused : ErrorIds.VifBackendStopped,
                $"Its back end serves nobody: {server.Words}.",
                server.Remedy);
        }

        DeviceHealth ends = ExplainEnds(vif);
        DomainStop? client = DomainStop.Of(states[vif.Device.Guest], guest);
        if (client is { IsPaused: false } && vif.GuestName is not null)
        {
            return Ill(
                vif, VifStatus.Failed, ErrorIds.VifGuestStopped, $"Nobody uses it: {client.Words}.", client.Remedy);
        }

        if (client is not null && ends.Finding?.Id is null or ErrorIds.VifFrontendSilent)
        {
            return Ill(
                vif, VifStatus.Waiting, ErrorIds.VifGuestPaused, $"Nothing passes: {client.Words}.", client.Remedy);
        }

        if (ends.Status != VifStatus.Connected)
        {
            return ends;
        }

        string? unknown = states[vif.BackendDomid] == DomainState.Unknown ? backend
            : states[vif.Device.Guest] == DomainState.Unknown ? guest
            : null;
        return unknown is null ? ends : Ill(
            vif,
            VifStatus.Unknown,
            ErrorIds.VifStateUnknown,
            $"Both ends say that they are connected, but whether {unknown} runs is not known: {states.WhyUnknown(unknown)}.",
            "Run xl list on dom0 as root and repair what it reports.");
    }

    /// <summary>
    /// What the two ends say, from xenstore alone. It can tell what is wrong; that all is well takes a look at the domains, too
    /// (<see cref="Explain"/>).
    /// </summary>
    public static DeviceHealth ExplainEnds(VifRecord vif)
    {
        (string backend, string guest) = (vif.ShownBackend, vif.ShownGuest);
        if (vif.BackendName is null)
        {
            return Ill(
                vif,
                VifStatus.Orphaned,
                ErrorIds.VifBackendGone,
                $"Its back-end domain (domid {vif.BackendDomid}) is gone; the guest still holds the front end.",
                vif.Mac is { } mac
                    ? $"Connect-XenGuestVif {guest} BACKEND -Mac {mac} connects it to a driver domain that runs."
                    : "Disconnect the vif and connect it to a running driver domain; front ends cannot move by themselves.",
                $"{XenPaths.Home(vif.BackendDomid) / "name"} is not there");
        }

        if (!vif.HasBackend)
        {
            return Ill(
                vif,
                VifStatus.Orphaned,
                ErrorIds.VifBackendGone,
                $"{backend} runs, but its end of the vif is gone.",
                "Disconnect the vif and connect it again.",
                $"{vif.Device.Backend(vif.BackendDomid)} is not there");
        }

        if (ScriptVerdictOf(vif, backend) is { } failed)
        {
            return failed;
        }

        if (vif.BackendState == XenbusState.Connected && vif.FrontendState == XenbusState.Connected
            && vif.HotplugStatus is null or "connected")
        {
            return new DeviceHealth(VifStatus.Connected, null);
        }

        return vif.BackendState switch
        {
            XenbusState.Unknown or XenbusState.Initialising => Ill(
                vif,
                VifStatus.Waiting,
                ErrorIds.VifNoBackendDriver,
                $"No back-end driver in {backend} has taken it"
                    + (vif.BackendKernelError is null ? "." : $"; its kernel says: {Text.Show(vif.BackendKernelError)}."),
                $"Load xen-netback in {backend}, or wait until it has booted.",
                vif.BackendKernelError is null
                    ? Node(vif.Device.Backend(vif.BackendDomid), vif.BackendState)
                    : Node(vif.Device.BackendError(vif.BackendDomid), vif.BackendKernelError)),
            XenbusState.Closing or XenbusState.Closed => Ill(
                vif,
                VifStatus.Failed,
                ErrorIds.VifClosed,
                $"Its back end in {backend} is closed.",
                "Disconnect the vif and connect it again.",
                Node(vif.Device.Backend(vif.BackendDomid), vif.BackendState)),
            _ when vif.HotplugStatus is not "connected" => Ill(
                vif,
                VifStatus.Waiting,
                ErrorIds.VifHotplugNotRun,
                $"xen-netback in {backend} has taken it, but no hotplug script has run there: xl devd is missing or dead.",
                $"Start xl devd in {backend} (service xendriverdomain); it then serves vifs that wait.",
                BackendNode(vif, "hotplug-status", vif.HotplugStatus)),
            _ when vif.FrontendState is XenbusState.Closing or XenbusState.Closed => Ill(
                vif,
                VifStatus.Failed,
                ErrorIds.VifClosed,
                $"{guest} has closed its end.",
                "Bring the interface up in the guest, or disconnect the vif and connect it again.",
                Node(vif.Device.Frontend, vif.FrontendState)),
            _ => Ill(
                vif,
                VifStatus.Waiting,
                ErrorIds.VifFrontendSilent,
                $"{backend} is ready; {guest} has not connected its end (its state is {(int)vif.FrontendState}).",
                $"Load xen-netfront in {guest}, or wait until it has booted.",
                Node(vif.Device.Frontend, vif.FrontendState)),
        };
    }

    /// <summary>
    /// True for the words of vif-bridge about a bridge that does not exist, as they stand in <c>hotplug-error</c>
    /// (tools/hotplug/Linux/xen-hotplug-common.sh, fatal).
    /// </summary>
    public static bool IsMissingBridge(string? error) =>
        error is not null && error.StartsWith("Could not find bridge", StringComparison.Ordinal);

    private static bool IsStandstill(string id) =>
        id is ErrorIds.VifBackendPaused or ErrorIds.VifBackendStopped or ErrorIds.VifGuestPaused or ErrorIds.VifGuestStopped;

    private static string BackendNode(VifRecord vif, string key, string? value) => Node(vif.Device.Backend(vif.BackendDomid) / key, value);

    private static string Node(XenStorePath end, XenbusState state) =>
        Node(end / "state", state == XenbusState.Unknown ? null : ((int)state).ToString(CultureInfo.InvariantCulture));

    private static string Node(XenStorePath path, string? value) =>
        string.IsNullOrEmpty(value) ? $"{path} is empty or not there" : $"{path} = {Text.Show(value)}";

    private static DeviceHealth Ill(
        VifRecord vif, VifStatus status, string id, string cause, string remedy, string? evidence = null) => new(
        status,
        new Finding(
            id,
            status is VifStatus.Waiting or VifStatus.Unknown ? FindingSeverity.Warning : FindingSeverity.Error,
            $"vif {vif.Device.Devid} of {vif.ShownGuest}",
            cause,
            remedy)
        {
            Kind = status == VifStatus.Waiting && !IsStandstill(id) ? ErrorKind.Timeout : ErrorKind.InvalidState,
            Evidence = evidence,
        })
        {
            IsStandstill = IsStandstill(id),
        };

    private static DeviceHealth? ScriptVerdictOf(VifRecord vif, string backend)
    {
        if (vif.HotplugError is null && vif.HotplugStatus is null or "" or "connected")
        {
            return null;
        }

        string words = Text.Show(vif.HotplugError ?? vif.HotplugStatus);
        string evidence = vif.HotplugError is { } error
            ? BackendNode(vif, "hotplug-error", error)
            : BackendNode(vif, "hotplug-status", vif.HotplugStatus);
        return IsMissingBridge(vif.HotplugError)
            ? Ill(
                vif,
                VifStatus.Failed,
                ErrorIds.VifBridgeNotFound,
                $"{backend} has no bridge {Text.Show(vif.Bridge ?? "of that name")}: {words}.",
                $"Create the bridge in {backend}, or name the one it has with -Bridge; then disconnect the vif and connect it again.",
                evidence)
            : Ill(
                vif,
                VifStatus.Failed,
                ErrorIds.VifHotplugFailed,
                $"The hotplug script in {backend} failed: {words}.",
                $"Look at /var/log/xen/xen-hotplug.log in {backend}.",
                evidence);
    }
}
