using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Assignment;

/// <summary>
/// Xen's quarantine: an assignable device belongs to no domain that could be harmed by its DMA (since 4.13). Only a hypercall
/// does it, and only xl makes it, at the end of pci-assignable-add and at the beginning of pci-assignable-remove. Nothing in
/// sysfs or xenstore shows it, so xl's messages have to be believed. That xl ends well without a word is no message.
/// </summary>
internal static class Quarantine
{
    // What every libxl says of a function that pciback has already, before it quarantines it (libxl_pci.c,
    // libxl__device_pci_assignable_add).
    private const string SeenThere = "already assigned to pciback";

    /// <summary>Puts the function, which pciback has, into quarantine and gives it its name; harmless when it is there already.</summary>
    public static StepPart Enter(PciAddress address, string? name) => new Act<XlResult>(
        new RunXl(name is null ? ["pci-assignable-add", address.ToString()] : ["pci-assignable-add", "-n", name, address.ToString()]),
        (result, hand, _) =>
        {
            if (!Succeeded(result))
            {
                throw new XenDriverDomainException(
                    ErrorIds.PciQuarantineFailed,
                    ErrorKind.Device,
                    $"Xen did not put {address} into quarantine (exit code {result.ExitCode}): {result.Complaint}",
                    "Look at xl dmesg for the reason: no IOMMU, memory shared with another device (RMRR), or a device that Xen "
                        + "does not know.",
                    address);
            }

            if (!result.Messages.Any(m => m.Text.Contains(SeenThere, StringComparison.Ordinal)))
            {
                hand.Reporter.Warning(
                    $"xl pci-assignable-add reported no error for {address}, but did not say either, as it does otherwise, that it "
                    + "found it with pciback. Whether Xen keeps it in quarantine could not be seen.");
            }

            return Task.CompletedTask;
        });

    /// <summary>
    /// Lets xl take the function out of quarantine and out of pciback. xl does the first thing first
    /// and stops there when the function is not in quarantine (libxl_pci.c, libxl__device_pci_assignable_remove).
    /// </summary>
    public static HostAct<XlResult> Leave(PciAddress address) => new RunXl("pci-assignable-remove", address.ToString());

    /// <summary>Whether xl neither failed nor complained of an error.</summary>
    public static bool Succeeded(XlResult result) =>
        result.ExitCode == 0 && !result.Messages.Any(m => m.Severity == XlSeverity.Error);
}
