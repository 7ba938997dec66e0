using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>Steps, and parts of steps, that lie on both ways.</summary>
internal static class CommonSteps
{
    /// <summary>Removes the record of a domain that is gone, because of which xl calls the device not assignable.</summary>
    public static ChangeStep ForgetStaleDomain(PciAddress address, string domid, AssignmentTools tools) => new(
        $"Remove the stale record that gives {address} to domain {Terminal.Text.Show(domid)}, which is gone",
        token => tools.Records.ForgetDomainAsync(domid, token));

    /// <summary>Forgets which fields were added to a function for an earlier binding to pciback, which somebody else ended.</summary>
    public static ChangeStep ForgetFields(PciAddress address, AssignmentTools tools) => new(
        $"Forget the fields that were recorded for {address}: pciback does not have it any more",
        token => new PcibackFields(tools.Dom0).ForgetAsync(address, token));

    /// <summary>Clears a driver_override that would keep other drivers from binding.</summary>
    public static ChangeStep ClearOverride(PciAddress address, string only, AssignmentTools tools) => new(
        $"Clear the driver_override of {address} (now {Terminal.Text.Show(only)})",
        token => tools.Pciback.SetOverrideAsync(address, null, token))
    {
        UndoDescription = $"Restore the driver_override of {address}",
        UndoAsync = token => tools.Pciback.SetOverrideAsync(address, only, token),
    };

    /// <summary>Forgets which driver a function goes back to, now that a driver of dom0's has it.</summary>
    /// <param name="address">The function.</param>
    /// <param name="driver">The driver that must have it; null when any may but pciback.</param>
    /// <param name="tools">What to work with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">PciDriverBindFailed: no such driver has it, and the record is kept.</exception>
    public static async Task ForgetDriverAsync(PciAddress address, string? driver, AssignmentTools tools, CancellationToken cancellationToken)
    {
        string? now = null;
        bool isForgotten = await tools.Records.TryForgetDriverAsync(
            async token =>
            {
                now = await tools.Pciback.GetDriverAsync(address, token).ConfigureAwait(false);
                return driver is null ? now is not null and not Pciback.DriverName : now == driver;
            },
            cancellationToken).ConfigureAwait(false);
        if (!isForgotten)
        {
            throw NotBack(address, driver, now);
        }
    }

    /// <summary>The error of a function whose record is kept, since it is not where it would need none.</summary>
    /// <param name="address">The function.</param>
    /// <param name="driver">The driver that should have it; null for any of dom0's.</param>
    /// <param name="now">The driver that has it; null when none has, or that is not known.</param>
    public static XenDriverDomainException NotBack(PciAddress address, string? driver, string? now) => new(
        ErrorIds.PciDriverBindFailed,
        ErrorKind.InvalidState,
        $"{address} is not back with {(driver is null ? "a driver of dom0" : Terminal.Text.Show(driver))}"
        + $"{(now is null ? string.Empty : $" but with {Terminal.Text.Show(now)}")}, so the record is kept to say where it belongs.",
        "Look whether another program (xl, driverctl) moves the same device, then run Remove-XenPciAssignable, which goes by the record.",
        address);

    /// <summary>Unbinds from pciback, when it is bound to it.</summary>
    public static async Task UnbindFromPcibackAsync(PciAddress address, AssignmentTools tools, CancellationToken cancellationToken)
    {
        if (await tools.Pciback.IsBoundAsync(address, Pciback.DriverName, cancellationToken).ConfigureAwait(false))
        {
            await tools.Pciback.UnbindAsync(address, Pciback.DriverName, cancellationToken).ConfigureAwait(false);
        }
    }
}
