using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Checks;

/// <summary>What speaks against moving devices on this host at all; pure logic over what was read.</summary>
internal static class HostChecks
{
    /// <summary>Whether we are root in the control domain.</summary>
    public static IReadOnlyList<Finding> CheckRights(string dom0, HostSituation host)
    {
        List<Finding> findings = [];
        if (host.IsControlDomain == false)
        {
            findings.Add(new Finding(
                ErrorIds.NotControlDomain,
                FindingSeverity.Error,
                dom0,
                $"{dom0} is not the control domain (dom0) of a Xen host: /proc/xen/capabilities does not say control_d.",
                "Boot the host with Xen, or connect to a dom0 with Connect-XenDom0.")
            {
                Evidence = PciOwners.Capabilities,
            });
        }

        if (host.UserId is not (null or 0))
        {
            findings.Add(new Finding(
                ErrorIds.NotRoot,
                FindingSeverity.Error,
                dom0,
                $"The user on {dom0} is not root but has the user id {host.UserId}; only root can move devices.",
                "Start pwsh as root on dom0, or connect with -UserName root.")
            {
                Kind = ErrorKind.PermissionDenied,
                Evidence = $"{HostSituation.Status}: Uid {host.UserId}",
            });
        }

        return findings;
    }

    /// <summary>Whether pciback is there, or can be loaded.</summary>
    public static IReadOnlyList<Finding> CheckPciback(string dom0, HostSituation host, bool canLoad)
    {
        if (host.HasPciback)
        {
            return [];
        }

        if (host.Hide is { } hide && HideParameter.FindFault(hide) is { } fault)
        {
            return
            [
                new Finding(
                    ErrorIds.PcibackHideMalformed,
                    FindingSeverity.Error,
                    dom0,
                    $"The pciback driver is missing on {dom0} because it cannot read '{Text.Show(fault.Element)}' in its "
                    + $"parameter hide={Text.Show(hide)}: {fault.Why}. One such element keeps the whole driver from loading.",
                    "Correct the parameter on dom0's kernel command line or in /etc/modprobe.d: each address in its own parentheses, "
                    + "[DDDD:]BB:DD.F in hexadecimal, no commas; then boot again, or load the module. "
                    + "Get-XenPciAssignable -AtBoot shows where it stands.")
                {
                    Evidence = $"hide={Text.Show(hide)}",
                },
            ];
        }

        return canLoad
            ? []
            :
            [
                new Finding(
                    ErrorIds.PcibackNotLoaded,
                    FindingSeverity.Error,
                    dom0,
                    $"The pciback driver is not loaded on {dom0}.",
                    "Use -LoadDriver, or run modprobe xen-pciback on dom0.")
                {
                    Kind = ErrorKind.NotInstalled,
                    Evidence = $"{PcibackPaths.Directory} is not there",
                },
            ];
    }

    /// <summary>Whether Xen has an IOMMU to keep devices apart; not knowing is no refusal.</summary>
    public static IReadOnlyList<Finding> CheckIommu(string dom0, bool? hasIommu) => hasIommu != false
        ? []
        :
        [
            new Finding(
                ErrorIds.NoIommu,
                FindingSeverity.Error,
                dom0,
                $"Xen uses no IOMMU on {dom0} (xl info: virt_caps has neither hvm_directio nor pv_directio); without one no device can "
                + "be given to a domain.",
                "Switch on VT-d or AMD-Vi in the firmware, remove iommu=0 from Xen's command line, and look at xl dmesg for what Xen "
                + "says about it.")
            {
                Kind = ErrorKind.NotSupported,
                Evidence = "xl info: virt_caps",
            },
        ];
}
