namespace XenDriverDomain.Reporting;

/// <summary>
/// Passes on to whoever listens at the moment. The services of a connection live longer than the commands that use them, one
/// after the other; each command listens while it works.
/// </summary>
public sealed class RelayReporter : IOperationReporter
{
    private static readonly SilentReporter s_nobody = new();
    private volatile IOperationReporter _listener = s_nobody;

    /// <summary>Sets who listens from now on; null for nobody.</summary>
    public void Listen(IOperationReporter? listener) => _listener = listener ?? s_nobody;

    /// <inheritdoc/>
    public void Verbose(string message) => _listener.Verbose(message);

    /// <inheritdoc/>
    public void Debug(string message) => _listener.Debug(message);

    /// <inheritdoc/>
    public void Warning(string message) => _listener.Warning(message);

    /// <inheritdoc/>
    public void Progress(string activity, string status, int percent) => _listener.Progress(activity, status, percent);
}
