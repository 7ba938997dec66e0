using XenDriverDomain.Errors;

namespace XenDriverDomain.Xl;

/// <summary>Recognises that xl could not even begin: it has no rights, this is no dom0, or xenstored is missing.</summary>
internal static class XlTrouble
{
    /// <summary>The error behind an output, or null when xl did begin its work.</summary>
    public static XenDriverDomainException? Find(string hostId, int exitCode, IReadOnlyList<XlMessage> messages)
    {
        if (exitCode == 0)
        {
            return null;
        }

        bool noContext = Says(messages, "cannot init xl context");
        if (Says(messages, "find hypervisor information in sysfs") || Says(messages, "Not running on a Xen"))
        {
            return NotDom0(hostId, messages);
        }

        if (noContext && Says(messages, "xenstore"))
        {
            return NotUsable(
                hostId,
                ErrorKind.NotInstalled,
                "xenstored does not answer",
                "Start Xen's services (systemctl start xenstored, or /etc/init.d/xen start) and look whether they stay up.",
                messages);
        }

        if (Says(messages, "privileged command interface") || Says(messages, "cannot open libxc handle")
            || Says(messages, "physinfo: Permission denied") || Says(messages, "physinfo: Operation not permitted"))
        {
            bool denied = Says(messages, "Permission denied") || Says(messages, "Operation not permitted");
            return denied
                ? NotUsable(
                    hostId,
                    ErrorKind.PermissionDenied,
                    "it may not use the hypervisor",
                    "Run as root on dom0, or connect as a user who is; in another domain than dom0 xl cannot work at all.",
                    messages)
                : NotDom0(hostId, messages);
        }

        return noContext
            ? NotUsable(
                hostId,
                ErrorKind.InvalidState,
                "it cannot reach the hypervisor or xenstored",
                "Run xl list on dom0 as root and repair what it reports.",
                messages)
            : null;
    }

    private static XenDriverDomainException NotDom0(string hostId, IReadOnlyList<XlMessage> messages) => NotUsable(
        hostId,
        ErrorKind.InvalidState,
        "this system does not run as Xen's dom0",
        "Boot the host with Xen (the boot loader's entry that loads xen.gz), or connect to one that does with Connect-XenDom0.",
        messages);

    private static bool Says(IReadOnlyList<XlMessage> messages, string words) =>
        messages.Any(m => m.Text.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static XenDriverDomainException NotUsable(
        string hostId, ErrorKind kind, string cause, string remedy, IReadOnlyList<XlMessage> messages) => new(
        ErrorIds.XlNotUsable,
        kind,
        $"xl cannot work on {hostId}: {cause} ({string.Join("; ", messages.Take(3).Select(m => m.Text))}).",
        remedy,
        hostId);
}
