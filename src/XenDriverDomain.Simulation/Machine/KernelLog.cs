using System.Globalization;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>What dmesg shows. The caller holds the machine's lock.</summary>
internal sealed class KernelLog(TimeProvider time)
{
    // As many lines as a small ring buffer holds; the oldest go.
    private const int MostLines = 2000;

    private readonly long _boot = time.GetTimestamp();
    private readonly Queue<string> _lines = new();

    /// <summary>All lines that are still there, oldest first.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>What follows a crash.</summary>
    public Action? OnPanic { get; init; }

    /// <summary>Says why the kernel cannot go on, in its own form, and ends it; whoever it worked for gets no answer.</summary>
    /// <param name="what">The first line.</param>
    /// <param name="where">The function it happened in.</param>
    public Exception Panic(string what, string where)
    {
        Say(what);
        Say($"RIP: e030:{where}");
        Say("Kernel panic - not syncing: Fatal exception");
        OnPanic?.Invoke();
        return Files.SimulatedFiles.Lost();
    }

    /// <summary>Says something.</summary>
    public void Say(string text)
    {
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"[{time.GetElapsedTime(_boot).TotalSeconds,12:0.000000}] {text}"));
        if (_lines.Count > MostLines)
        {
            _lines.Dequeue();
        }
    }
}
