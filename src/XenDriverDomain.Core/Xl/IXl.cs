namespace XenDriverDomain.Xl;

/// <summary>The host's <c>xl</c>. Every argument has been validated by our own parsers before it comes here.</summary>
public interface IXl
{
    /// <summary>Where xl is and what it is; looked up once per connection.</summary>
    /// <exception cref="Errors.XenDriverDomainException">XlNotFound: no xl in PATH or the distributions' places.</exception>
    ValueTask<XlInstallation> FindAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs xl to its end. A non-zero exit code is a result: the caller reads the state back and decides. Its stderr is taken
    /// apart into messages.
    /// </summary>
    /// <param name="arguments">Subcommand and arguments.</param>
    /// <param name="timeout">Must be above libxl's own time-outs (40 s for a hotplug script, 60 s for a device model); null means 130
    /// s.</param>
    /// <param name="cancellationToken">Ends xl and throws.</param>
    ValueTask<XlResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>What <c>xl info</c> says now: memory and CPUs change, so this runs xl each time.</summary>
    /// <exception cref="Errors.XenDriverDomainException">XlNotFound, or another reason for which xl cannot answer.</exception>
    ValueTask<XlInfo> GetInfoAsync(CancellationToken cancellationToken);
}
