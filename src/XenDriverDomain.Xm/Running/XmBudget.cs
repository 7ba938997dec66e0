using System.Runtime.CompilerServices;

namespace XenDriverDomain.Xm.Running;

/// <summary>Counts what a file costs and ends it at its limits.</summary>
internal sealed class XmBudget(XmLimits limits)
{
    private long _steps = limits.Steps;
    private long _memory = limits.Memory;
    private int _depth;

    public long StepsUsed => limits.Steps - _steps;

    public void Step(long count = 1)
    {
        if ((_steps -= count) < 0)
        {
            throw new XmLimitException($"running the file takes more than {limits.Steps} steps");
        }
    }

    /// <summary>Charges going through so many characters or elements.</summary>
    public void Work(long length) => Step(1 + (length >> 6));

    /// <summary>Charges memory before it is allocated, and the time to fill it.</summary>
    public void Allocate(long bytes)
    {
        if (bytes > _memory)
        {
            throw new XmLimitException($"running the file takes more than {limits.Memory >> 20} MiB of memory");
        }

        _memory -= bytes;
        Step(1 + (bytes >> 7));
    }

    public void AllocateText(long characters) => Allocate(48 + (2 * characters));

    public void AllocateItems(long count) => Allocate(64 + (16 * count));

    public void Enter()
    {
        if (++_depth > limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new XmLimitException($"expressions or calls are nested more than {limits.Depth} deep");
        }
    }

    public void Leave() => _depth--;

    /// <summary>The depth now, to go back to after an exception was caught.</summary>
    public int Depth
    {
        get => _depth;
        set => _depth = value;
    }
}

/// <summary>A limit was reached; the file cannot catch it.</summary>
/// <param name="what">Which one, as a sentence without its end.</param>
internal sealed class XmLimitException(string what) : Exception(what);
