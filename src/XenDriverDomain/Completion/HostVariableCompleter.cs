using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes -Variable with what the configuration files on the host, named by -Path, want.</summary>
internal sealed class HostVariableCompleter : HostCompleter
{
    private protected override Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) => WantedVariables.FindAsync(
        query.TextsOf("Path") ?? [],
        file => host.Dom0.Files.ReadAsync(file, XlConfigDocument.MaxBytes, cancellationToken).AsTask());
}
