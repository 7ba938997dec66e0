using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>Reads policies, says what they mean for a host, and makes one the host's.</summary>
/// <param name="dom0">The host.</param>
/// <param name="inventory">Its PCI functions.</param>
public sealed class PciPolicies(Dom0 dom0, PciInventory inventory)
{
    // More would not be read in a plan.
    private const int MostRulesNamed = 3;

    private readonly PcibackFields _fields = new(dom0);

    /// <summary>The host's policy; empty when it has none.</summary>
    public async Task<IReadOnlyList<PciPolicyEntry>> GetAsync(CancellationToken cancellationToken) => await DescribeAsync(
        await PolicyFile.ReadAsync(dom0.Files, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>A policy file on the host: one of xend's, or one like the host's own.</summary>
    /// <param name="path">Its full path on dom0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Errors.XenDriverDomainException">PciPolicyNotFound, ConfigSyntaxError, PciPolicyRuleMalformed.</exception>
    public async Task<IReadOnlyList<PciPolicyEntry>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        return await DescribeAsync(
            await PolicyFile.ReadAsync(dom0.Files, path, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Plans to make these rules the host's policy, for now, for each binding and for each boot; none removes it.</summary>
    public async Task<PlannedChange<IReadOnlyList<PciPolicyEntry>>> PlanSetAsync(
        IReadOnlyList<PciPolicyRule> rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        List<ChangeStep> steps = [];
        if (await HostFileStep.PlanAsync(
            dom0.Files, PolicyFile.Path, rules.Count > 0 ? Encoding.UTF8.GetBytes(PciPolicyText.Write(rules)) : null, cancellationToken)
            .ConfigureAwait(false) is { } file)
        {
            steps.Add(rules.Count == 0 ? file : file with { Description = $"{file.Description}: {Name(rules)}" });
        }

        steps.AddRange(await new PolicyBootUnit(dom0).PlanAsync(rules.Count > 0, cancellationToken).ConfigureAwait(false));
        PciDevice[] held = [.. (await inventory.ListAsync(cancellationToken).ConfigureAwait(false)).Where(PcibackFields.IsHeld)];
        IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>> now = await _fields.ReadAsync(held, cancellationToken)
            .ConfigureAwait(false);
        await WarnAsync(rules, held, now, cancellationToken).ConfigureAwait(false);
        steps.AddRange(held.SelectMany(device => PolicySteps.For(
            device, rules.Where(r => r.Matches(device) && !IsInEffect(r, device, now)), inventory)));
        return new PlannedChange<IReadOnlyList<PciPolicyEntry>>(
            new ChangePlan(rules.Count > 0 ? "Set the PCI policy" : "Remove the PCI policy", steps), GetAsync);
    }

    private static string Name(IReadOnlyList<PciPolicyRule> rules) => string.Join("; ", rules.Take(MostRulesNamed))
        + (rules.Count > MostRulesNamed ? $"; and {rules.Count - MostRulesNamed} more" : string.Empty);

    // pciback cannot take back what it was told of a device that it has.
    private async Task WarnAsync(
        IReadOnlyList<PciPolicyRule> rules, PciDevice[] held, IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>> now,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<PciPolicyRule> before;
        try
        {
            before = await PolicyFile.ReadAsync(dom0.Files, cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            // One that cannot be read is what may be replaced here.
            return;
        }

        foreach (PciDevice device in held)
        {
            PciPolicyRule[] gone =
            [
                .. before.Where(rule => rule.Matches(device) && IsInEffect(rule, device, now)
                    && !rules.Any(one => one.Matches(device) && one.Field == rule.Field)),
            ];
            if (gone.Length > 0)
            {
                dom0.Reporter.Warning(
                    $"{device.Address} stays as these rules made it until it is unbound from pciback: {Name(gone)}. "
                    + "Remove-XenPciAssignable and Add-XenPciAssignable make it anew.");
            }
        }
    }

    // Of a field, that it was stored: whether pciback still has it is not asked of pciback.
    private static bool IsInEffect(
        PciPolicyRule rule, PciDevice device, IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>> known) =>
        PcibackFields.IsHeld(device)
        && (rule.Field is { } field
            ? known.GetValueOrDefault(device.Address)?.Any(one => one.Field == field) == true
            : device.IsPermissive);

    private async Task<IReadOnlyList<PciPolicyEntry>> DescribeAsync(IReadOnlyList<PciPolicyRule> rules, CancellationToken cancellationToken)
    {
        if (rules.Count == 0)
        {
            return [];
        }

        IReadOnlyList<PciDevice> all = await inventory.ListAsync(cancellationToken).ConfigureAwait(false);
        PciDevice[] held = [.. all.Where(PcibackFields.IsHeld)];
        IReadOnlyDictionary<PciAddress, IReadOnlyList<RecordedField>> known = await _fields.ReadAsync(held, cancellationToken)
            .ConfigureAwait(false);
        return [.. rules.Select(rule => new PciPolicyEntry
        {
            Dom0 = dom0.Id,
            Rule = rule.ToString(),
            Kind = rule.Kind,
            Target = rule.Target,
            Field = rule.Field?.ToString(),
            Name = rule.Name is { } name ? Terminal.Text.Show(name, 80) : null,
            Source = rule.Source,
            Device = [.. all.Where(rule.Matches).Select(d => d.Address)],
            InEffect = [.. held.Where(d => rule.Matches(d) && IsInEffect(rule, d, known)).Select(d => d.Address)],
        })];
    }
}
