using XenDriverDomain.Errors;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Checks;

/// <summary>Turns findings into what they mean: an exception, a warning, or nothing.</summary>
internal static class Preflight
{
    /// <summary>
    /// Throws the first finding that refuses the operation; when none does, tells the rest as warnings, those that
    /// <paramref name="force"/> lifted with the word that says so.
    /// </summary>
    /// <exception cref="XenDriverDomainException">With the finding's own id.</exception>
    public static void Enforce(IReadOnlyList<Finding> findings, bool force, IOperationReporter reporter)
    {
        foreach (Finding finding in findings)
        {
            if (finding.Severity == FindingSeverity.Error && !(finding.YieldsToForce && force))
            {
                throw finding.ToException();
            }
        }

        foreach (Finding finding in findings)
        {
            switch (finding.Severity)
            {
                case FindingSeverity.Error:
                    reporter.Warning($"Overridden by -Force: {finding.Cause}");
                    break;
                case FindingSeverity.Warning:
                    reporter.Warning($"{finding.Cause} {finding.Remedy}");
                    break;
                default:
                    reporter.Debug(finding.Cause);
                    break;
            }
        }
    }
}
