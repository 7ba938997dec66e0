namespace XenDriverDomain.Tests.Support;

/// <summary>Counts the changes made to a fake host, and lets one of them fail, or one and all after it, as when a process is killed.</summary>
internal sealed class Sabotage
{
    private readonly Lock _lock = new();

    /// <summary>How many changes were tried.</summary>
    public int Count { get; private set; }

    /// <summary>The change that fails, counted from 1; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>True when every change after that one fails as well.</summary>
    public bool ForEver { get; set; }

    /// <summary>What was tried, in order.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Begins to count anew.</summary>
    public void Reset(int failAt = 0, bool forEver = false)
    {
        Count = 0;
        Changes.Clear();
        FailAt = failAt;
        ForEver = forEver;
    }

    /// <summary>True when the change that is about to be made must fail.</summary>
    public bool Strikes(string change)
    {
        lock (_lock)
        {
            Changes.Add(change);
            Count++;
            return FailAt > 0 && (ForEver ? Count >= FailAt : Count == FailAt);
        }
    }
}
