using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>Reads policies, says what they mean for a host, and makes one the host's.</summary>
/// <param name="dom0">The host.</param>
/// <param name="inventory">Its PCI functions.</param>
public sealed class PciPolicies(Dom0 dom0, IPciInventory inventory) : IPciPolicies
{
    private readonly PcibackFields _fields = new(dom0.Files);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PciPolicyEntry>> GetAsync(CancellationToken cancellationToken) => await DescribeAsync(
        await PolicyFile.ReadAsync(dom0.Files, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PciPolicyEntry>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        return await DescribeAsync(
            await PolicyFile.ReadAsync(dom0.Files, path, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<PlannedChange<IReadOnlyList<PciPolicyEntry>>> PlanSetAsync(
        IReadOnlyList<PciPolicyRule> rules, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(reporter);
        List<ChangeStep> steps = [];
        if (await HostFileStep.PlanAsync(dom0.Files, PolicyFile.Path, rules.Count > 0 ? Encoding.UTF8.GetBytes(PciPolicyText.Write(rules)) : null, cancellationToken)
            .ConfigureAwait(false) is { } file)
        {
            steps.Add(file);
        }

        steps.AddRange(await new PolicyBootUnit(dom0).PlanAsync(rules.Count > 0, reporter, cancellationToken).ConfigureAwait(false));
        PciDevice[] held = [.. (await inventory.ListAsync(cancellationToken).ConfigureAwait(false)).Where(PcibackFields.IsHeld)];
        QuirksText now = await _fields.ReadAsync(cancellationToken).ConfigureAwait(false);
        steps.AddRange(held.SelectMany(device => PolicySteps.For(
            device, rules.Where(r => r.Matches(device) && !IsInEffect(r, device, held, now)), _fields, inventory, reporter)));
        return new PlannedChange<IReadOnlyList<PciPolicyEntry>>(
            new ChangePlan(rules.Count > 0 ? "Set the PCI policy" : "Remove the PCI policy", steps), GetAsync);
    }

    private static bool IsInEffect(PciPolicyRule rule, PciDevice device, PciDevice[] held, QuirksText quirks) =>
        PcibackFields.IsHeld(device)
        && (rule.Field is { } field ? quirks.FieldsOf(device.Address, held)?.Contains(field) == true : device.IsPermissive);

    private async Task<IReadOnlyList<PciPolicyEntry>> DescribeAsync(IReadOnlyList<PciPolicyRule> rules, CancellationToken cancellationToken)
    {
        if (rules.Count == 0)
        {
            return [];
        }

        IReadOnlyList<PciDevice> all = await inventory.ListAsync(cancellationToken).ConfigureAwait(false);
        PciDevice[] held = [.. all.Where(PcibackFields.IsHeld)];
        QuirksText quirks = await _fields.ReadAsync(cancellationToken).ConfigureAwait(false);
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
            InEffect = [.. held.Where(d => rule.Matches(d) && IsInEffect(rule, d, held, quirks)).Select(d => d.Address)],
        })];
    }
}
