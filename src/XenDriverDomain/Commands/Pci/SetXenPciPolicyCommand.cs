using System.Management.Automation;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Commands;

/// <summary>Set-XenPciPolicy: makes rules the host's policy, in effect now, whenever pciback gets a device, and after each boot.</summary>
[Cmdlet(
    VerbsCommon.Set, "XenPciPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = "Rules")]
[OutputType(typeof(PciPolicyEntry))]
public sealed class SetXenPciPolicyCommand : ChangeCmdlet
{
    private readonly Dictionary<HostSession, List<PciPolicyRule>> _rules = [];
    private bool _isWrong;
    private bool _isAsked;

    /// <summary>The rules: 'permissive TARGET', or 'quirk TARGET REGISTER:SIZE:MASK'.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Rules")]
    [PropertyOf("Rule")]
    [ValidateNotNullOrEmpty]
    public string[] Rule { get; set; } = [];

    /// <summary>What the rules are for, kept beside them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = "Rules")]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; }

    /// <summary>Keeps the rules that the host has.</summary>
    [Parameter(ParameterSetName = "Rules")]
    public SwitchParameter Append { get; set; }

    /// <summary>Removes the policy, and what applies it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Clear")]
    public SwitchParameter Clear { get; set; }

    /// <summary>Returns the policy as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _isAsked = true;
        if (!ForEachHost(Collect))
        {
            _isWrong = true;
        }
    }

    private void Collect(HostSession host)
    {
        List<PciPolicyRule> rules = _rules.TryGetValue(host, out List<PciPolicyRule>? known) ? known : _rules[host] = [];
        foreach (string rule in Rule)
        {
            _isWrong |= !TryFor(
                rule, () => rules.Add(PciPolicyRule.Parse(rule) with { Name = string.IsNullOrWhiteSpace(Name) ? null : Name }));
        }
    }

    /// <inheritdoc/>
    private protected override void Finish()
    {
        if (_rules.Count == 0 && _isAsked)
        {
            // No host could be asked, and that was said.
            return;
        }

        if (_rules.Count == 0 || _isWrong)
        {
            // A policy without the rule that was wrong is not what was asked for, and none at all would take away what is there.
            TryFor(null, () => throw new XenDriverDomainException(
                ErrorIds.PciPolicyEmpty,
                ErrorKind.InvalidArgument,
                _isWrong ? "A rule is malformed, so the policy is left as it is." : "No rule was given, so the policy is left as it is.",
                _isWrong ? "Correct it, and give all rules again." : "Give all rules, or remove the policy with -Clear.",
                null));
            return;
        }

        foreach ((HostSession host, List<PciPolicyRule> rules) in _rules)
        {
            ForHost(host, () => Set(host, rules));
        }
    }

    private void Set(HostSession host, List<PciPolicyRule> rules)
    {
        PciPolicyRule[] all = Append
            ? [
                .. Wait((_, token) => host.Policies.GetAsync(token)).Select(e => PciPolicyRule.Parse(e.Rule) with { Name = e.Name }),
                .. rules,
            ]
            : [.. rules];
        if (Change(host, token => host.Policies.PlanSetAsync(all, token), PassThru, out IReadOnlyList<PciPolicyEntry>? entries)
            && PassThru)
        {
            WriteObject(entries, enumerateCollection: true);
        }
    }
}
