using XenDriverDomain.Domains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Backends;

/// <summary>
/// Says what the two ends of a vif tell together. No key says that a back end is alive; it follows from the states, from what
/// the hotplug script wrote, and from who is still there (xen/include/public/io/netif.h, drivers/net/xen-netback/xenbus.c,
/// libxl_device.c: xl network-attach succeeds without the script ever having run).
/// </summary>
internal static class VifDiagnosis
{
    /// <summary>The finding for a record.</summary>
    public static VifFinding Explain(VifRecord vif)
    {
        string backend = vif.BackendName is null ? $"domid {vif.BackendDomid}" : Text.Show(vif.BackendName);
        string guest = vif.GuestName is null ? $"domid {vif.Address.GuestDomid}" : Text.Show(vif.GuestName);
        if (vif.BackendName is null)
        {
            return new VifFinding(
                VifStatus.Orphaned,
                ErrorIds.VifBackendGone,
                $"Its back-end domain (domid {vif.BackendDomid}) is gone; the guest still holds the front end.",
                "Disconnect the vif and connect it to a running driver domain; front ends cannot move by themselves.");
        }

        if (!vif.HasBackend)
        {
            return new VifFinding(
                VifStatus.Orphaned,
                ErrorIds.VifBackendGone,
                $"{backend} runs, but its end of the vif is gone.",
                "Disconnect the vif and connect it again.");
        }

        if (ProbeVerdictOf(vif, backend) is { } failed)
        {
            return failed;
        }

        if (vif.BackendState == XenbusState.Connected && vif.FrontendState == XenbusState.Connected
            && vif.HotplugStatus is null or "connected")
        {
            return new VifFinding(VifStatus.Connected, null, string.Empty, string.Empty);
        }

        return vif.BackendState switch
        {
            XenbusState.Unknown or XenbusState.Initialising => new VifFinding(
                VifStatus.Waiting,
                ErrorIds.VifNoBackendDriver,
                $"No back-end driver in {backend} has taken it"
                    + (vif.KernelError is null ? "." : $"; its kernel says: {Text.Show(vif.KernelError)}."),
                $"Load xen-netback in {backend}, or wait until it has booted."),
            XenbusState.Closing or XenbusState.Closed => new VifFinding(
                VifStatus.Failed,
                ErrorIds.VifClosed,
                $"Its back end in {backend} is closed.",
                "Disconnect the vif and connect it again."),
            _ when vif.HotplugStatus is not "connected" => new VifFinding(
                VifStatus.Waiting,
                ErrorIds.VifHotplugNotRun,
                $"xen-netback in {backend} has taken it, but no hotplug script has run there: xl devd is missing or dead.",
                $"Start xl devd in {backend} (service xendriverdomain); it then serves vifs that wait."),
            _ when vif.FrontendState is XenbusState.Closing or XenbusState.Closed => new VifFinding(
                VifStatus.Failed,
                ErrorIds.VifClosed,
                $"{guest} has closed its end.",
                "Bring the interface up in the guest, or disconnect the vif and connect it again."),
            _ => new VifFinding(
                VifStatus.Waiting,
                ErrorIds.VifFrontendSilent,
                $"{backend} is ready; {guest} has not connected its end (its state is {(int)vif.FrontendState}).",
                $"Load xen-netfront in {guest}, or wait until it has booted."),
        };
    }

    /// <summary>True when waiting cannot change the finding any more.</summary>
    public static bool IsFinal(VifRecord vif) => vif.GuestName is null || Explain(vif).Status != VifStatus.Waiting;

    private static VifFinding? ProbeVerdictOf(VifRecord vif, string backend)
    {
        if (vif.HotplugError is null && vif.HotplugStatus is null or "" or "connected")
        {
            return null;
        }

        string words = Text.Show(vif.HotplugError ?? vif.HotplugStatus);
        return ScriptVerdict.IsMissingBridge(vif.HotplugError)
            ? new VifFinding(
                VifStatus.Failed,
                ErrorIds.VifBridgeNotFound,
                $"{backend} has no bridge {Text.Show(vif.Bridge ?? "of that name")}: {words}.",
                $"Create the bridge in {backend}, or name the one it has with -Bridge; then disconnect the vif and connect it again.")
            : new VifFinding(
                VifStatus.Failed,
                ErrorIds.VifHotplugFailed,
                $"The hotplug script in {backend} failed: {words}.",
                $"Look at /var/log/xen/xen-hotplug.log in {backend}.");
    }
}
