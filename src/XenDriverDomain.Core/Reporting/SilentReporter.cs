namespace XenDriverDomain.Reporting;

/// <summary>A reporter that drops everything.</summary>
internal sealed class SilentReporter : IOperationReporter
{
    /// <inheritdoc/>
    public void Verbose(string message)
    {
    }

    /// <inheritdoc/>
    public void Debug(string message)
    {
    }

    /// <inheritdoc/>
    public void Warning(string message)
    {
    }

    /// <inheritdoc/>
    public void Progress(string activity, string status, int percent)
    {
    }
}
