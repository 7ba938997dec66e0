namespace XenDriverDomain.Completion;

/// <summary>Completes the ids of connected hosts alone: this machine is no connection that could be ended.</summary>
internal sealed class ConnectionCompleter : Dom0Completer
{
    /// <inheritdoc/>
    private protected override bool OffersLocal => false;
}
