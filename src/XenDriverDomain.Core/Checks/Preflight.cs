using XenDriverDomain.Reporting;

namespace XenDriverDomain.Checks;

/// <summary>Turns findings into what they mean: an exception, a warning, or nothing.</summary>
internal static class Preflight
{
    /// <summary>
    /// Throws the first finding that refuses the operation; when none does, tells the rest as warnings, those that
    /// <paramref name="force"/> lifted with the word that says so.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">With the finding's own id.</exception>
    public static void Enforce(IReadOnlyList<CheckFinding> findings, bool force, IOperationReporter reporter)
    {
        foreach (CheckFinding finding in findings)
        {
            if (finding.Severity == CheckSeverity.Refusal || (finding.Severity == CheckSeverity.Protection && !force))
            {
                throw finding.ToException();
            }
        }

        foreach (CheckFinding finding in findings)
        {
            switch (finding.Severity)
            {
                case CheckSeverity.Protection:
                    reporter.Warning($"Overridden by -Force: {finding.Cause}");
                    break;
                case CheckSeverity.Warning:
                    reporter.Warning($"{finding.Cause} {finding.Remedy}");
                    break;
                default:
                    reporter.Debug(finding.Cause);
                    break;
            }
        }
    }
}
