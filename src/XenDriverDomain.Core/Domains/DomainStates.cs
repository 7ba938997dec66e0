using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Domains;

/// <summary>
/// What the domains of a host do, at one moment. xenstore cannot tell: a paused or crashed domain leaves every node as it was, name, states
/// of its devices and all (seen with 4.17); only the hypervisor knows, and xl list asks it. What it does not say is not known, and what is
/// not known is never taken for running.
/// </summary>
internal sealed class DomainStates
{
    private readonly Dictionary<int, DomainState> _states;
    private readonly string? _trouble;

    private DomainStates(Dictionary<int, DomainState> states, string? trouble)
    {
        _states = states;
        _trouble = trouble;

        // Whoever asks works on it.
        _states.TryAdd(0, DomainState.Running);
    }

    /// <summary>Nobody asked.</summary>
    public static DomainStates NotAsked { get; } = new([], "xl list was not asked");

    /// <summary>What a domain does; Unknown when that could not be found out, or xl list does not have it.</summary>
    public DomainState this[int domid] => _states.GetValueOrDefault(domid, DomainState.Unknown);

    /// <summary>Of a listing.</summary>
    public static DomainStates Of(IEnumerable<DomainInfo> domains) => new(domains.ToDictionary(d => d.Domid, d => d.State), null);

    /// <summary>Asks xl list. That it fails is an answer, too: nothing is known then. A lost connection is thrown.</summary>
    public static async Task<DomainStates> ReadAsync(XlTool xl, CancellationToken cancellationToken)
    {
        try
        {
            XlResult result = await xl.RunAsync(["list"], null, cancellationToken).ConfigureAwait(false);
            return result.ExitCode == 0
                ? new DomainStates(XlListTable.Parse(result.Output).ToDictionary(row => row.Domid, row => row.State), null)
                : new DomainStates([], $"xl list failed with exit code {result.ExitCode}: {Text.Show(result.Complaint, 200)}");
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            return new DomainStates([], e.Message);
        }
    }

    /// <summary>Why the state of a domain is not known, in words that follow a colon and end without a full stop.</summary>
    public string WhyUnknown(string name) => (_trouble ?? $"xl list does not show {name}").TrimEnd('.');
}
