using XenDriverDomain.Changes;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>Policies that say which devices let guests write more of their configuration space.</summary>
public interface IPciPolicies
{
    /// <summary>The host's policy; empty when it has none.</summary>
    Task<IReadOnlyList<PciPolicyEntry>> GetAsync(CancellationToken cancellationToken);

    /// <summary>A policy file on the host: one of xend's, or one like the host's own.</summary>
    /// <param name="path">Its full path on dom0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Errors.XenDriverDomainException">PciPolicyNotFound, ConfigSyntaxError, PciPolicyRuleMalformed.</exception>
    Task<IReadOnlyList<PciPolicyEntry>> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Plans to make these rules the host's policy, for now, for each binding and for each boot; none removes it.</summary>
    Task<PlannedChange<IReadOnlyList<PciPolicyEntry>>> PlanSetAsync(
        IReadOnlyList<PciPolicyRule> rules, IOperationReporter reporter, CancellationToken cancellationToken);
}
