namespace XenDriverDomain.Domains;

/// <summary>That a domain which is there does nothing: why, and what can be done about it.</summary>
/// <param name="State">What xl list says.</param>
/// <param name="Words">What is the matter with it: "netdd is paused".</param>
/// <param name="Remedy">What can be done, a sentence.</param>
internal sealed record DomainStop(DomainState State, string Words, string Remedy)
{
    /// <summary>True when it goes on as soon as somebody lets it; false when it never will.</summary>
    public bool IsPaused => State == DomainState.Paused;

    /// <summary>True when it has ended and is kept, so that it can be taken away and started again.</summary>
    public bool IsKept => State is DomainState.Crashed or DomainState.Shutdown;

    /// <summary>Why a domain in a state does nothing; null when it runs, or when nobody knows.</summary>
    /// <param name="state">What xl list says.</param>
    /// <param name="name">The domain, fit to be shown.</param>
    public static DomainStop? Of(DomainState state, string name) => state switch
    {
        DomainState.Paused => new DomainStop(state, $"{name} is paused", $"Let it go on: xl unpause {name}."),
        DomainState.Crashed => new DomainStop(state, $"{name} has crashed and is kept", KeptRemedy(name)),
        DomainState.Shutdown => new DomainStop(state, $"{name} has shut down and is not gone", KeptRemedy(name)),
        DomainState.Dying => new DomainStop(
            state, $"{name} is being destroyed", "Wait until xl list does not show it any more, and start it again."),
        _ => null,
    };

    /// <summary>What a domain that was listed does, a sentence.</summary>
    public static string Describe(DomainInfo domain) =>
        $"{Of(domain.State, domain.Name)?.Words ?? $"{domain.Name} runs"} (domid {domain.Domid}).";

    private static string KeptRemedy(string name) =>
        $"Look at its console log and at xl dmesg for why it ended, then take it away with xl destroy {name} and start it again.";
}
