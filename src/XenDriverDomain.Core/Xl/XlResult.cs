namespace XenDriverDomain.Xl;

/// <summary>How an xl command ended.</summary>
/// <param name="Arguments">What it was asked.</param>
/// <param name="ExitCode">Its exit code; says little, see the state instead.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Messages">Its standard error, line by line, taken apart.</param>
public sealed record XlResult(
    IReadOnlyList<string> Arguments, int ExitCode, string Output, IReadOnlyList<XlMessage> Messages)
{
    /// <summary>
    /// The error messages joined, fit to be shown; the last lines of anything else when there are none, and "no message." when there is
    /// nothing at all.
    /// </summary>
    public string Complaint
    {
        get
        {
            string errors = string.Join("; ", Messages.Where(m => m.Severity == XlSeverity.Error).Select(m => m.Text));
            return errors.Length > 0 ? errors
                : Messages.Count > 0 ? string.Join("; ", Messages.TakeLast(3).Select(m => m.Text))
                : "no message.";
        }
    }
}
