namespace XenDriverDomain.Simulation.Domains;

/// <summary>The kernel of a domain and all that runs above it: what it does it does only while the domain runs.</summary>
/// <param name="world">The host.</param>
/// <param name="domid">The domain.</param>
internal sealed class Kernel(World world, int domid)
{
    private readonly List<Reaction> _reactions = [];
    private readonly List<Action> _missed = [];
    private bool _frozen;

    /// <summary>The host.</summary>
    public World World { get; } = world;

    /// <summary>The domain.</summary>
    public int Domid { get; } = domid;

    /// <summary>Its own view of xenstore.</summary>
    public DomainStore Store { get; } = world.StoreOf(domid);

    /// <summary>Where its own nodes are.</summary>
    public string Home { get; } = $"/local/domain/{domid}";

    /// <summary>True when it has stopped for good.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>True while it is neither held still nor stopped.</summary>
    public bool IsRunning => !IsStopped && !_frozen;

    /// <summary>Does something after some time, unless it has stopped by then.</summary>
    public void After(TimeSpan time, Action what) => World.Time.Schedule(time, () => Do(what));

    /// <summary>Looks at something now and again whenever one of the paths changes.</summary>
    public Reaction React(Action look, params string[] paths)
    {
        Reaction reaction = new(World, Timings.KernelReaction, () => Do(look), paths);
        _reactions.Add(reaction);
        reaction.Wake();
        return reaction;
    }

    /// <summary>Nothing happens in it until it is thawed.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>What it missed happens now.</summary>
    public void Thaw()
    {
        _frozen = false;
        Action[] missed = [.. _missed];
        _missed.Clear();
        foreach (Action what in missed)
        {
            Do(what);
        }
    }

    /// <summary>Nothing happens in it any more.</summary>
    public void Stop()
    {
        IsStopped = true;
        _reactions.ForEach(r => r.Dispose());
        _reactions.Clear();
        _missed.Clear();
    }

    private void Do(Action what)
    {
        if (IsStopped)
        {
            return;
        }

        if (_frozen)
        {
            _missed.Add(what);
            return;
        }

        what();
    }
}
