using System.Diagnostics;

namespace XenDriverDomain.Simulation.Time;

/// <summary>
/// Tells whether nothing moves any more. Continuations are invisible while they wait in the thread pool, so canaries are sent
/// through it: when those have come back one after the other, what was queued before them has begun. The clock's lock guards it.
/// </summary>
/// <param name="gate">The clock's lock, pulsed when a canary comes back.</param>
internal sealed class QuietWatch(object gate)
{
    private const int CanariesForPoll = 2;
    private const int CanariesForTimeOut = 8;
    private static readonly TimeSpan s_quietForPoll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_quietForTimeOut = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_canaryInterval = TimeSpan.FromMilliseconds(10);

    // A canary wakes the clock when it comes back; this only bounds the sleep.
    private static readonly TimeSpan s_canaryTimeOut = TimeSpan.FromSeconds(1);

    private long _generation;
    private long _since = Stopwatch.GetTimestamp();
    private long _lastSent;
    private int _returned;
    private bool _flying;

    /// <summary>Notes that somebody outside of the simulated world did something.</summary>
    public void Disturb()
    {
        _since = Stopwatch.GetTimestamp();
        Stir();
    }

    /// <summary>Notes that the simulated world did something: it may have set off a continuation, but nobody outside acts yet.</summary>
    public void Stir()
    {
        _generation++;
        _returned = 0;
    }

    /// <summary>
    /// How long to wait before asking again; zero when it is quiet enough. Sends the next canary as a side effect.
    /// </summary>
    /// <param name="timeOut">True for the longer quiet that a time-out needs.</param>
    public TimeSpan Missing(bool timeOut)
    {
        TimeSpan left = (timeOut ? s_quietForTimeOut : s_quietForPoll) - Stopwatch.GetElapsedTime(_since);
        int needed = timeOut ? CanariesForTimeOut : CanariesForPoll;
        if (_returned >= needed)
        {
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        if (_flying)
        {
            return s_canaryTimeOut;
        }

        // The first two follow each other at once; the others are spread over the longer quiet.
        TimeSpan early = _returned < CanariesForPoll ? TimeSpan.Zero : s_canaryInterval - Stopwatch.GetElapsedTime(_lastSent);
        if (early > TimeSpan.Zero)
        {
            return early;
        }

        _flying = true;
        _lastSent = Stopwatch.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(Return, _generation, preferLocal: false);
        return s_canaryTimeOut;
    }

    private void Return(long generation)
    {
        lock (gate)
        {
            _flying = false;
            if (generation == _generation)
            {
                _returned++;
            }

            Monitor.PulseAll(gate);
        }
    }
}
