namespace XenDriverDomain.Simulation.Time;

/// <summary>
/// The threads that run something in the name of one simulated host. They enter and leave as their execution contexts change
/// (<see cref="PoolWatch"/>); those that are not the pool's are noted, too, whenever they use the host, since such a thread may do so
/// outside of anything that has an end. Safe for use by several threads.
/// </summary>
internal sealed class AtWork
{
    // Another thread than the pool's that uses a host and then does something else for longer than this is no longer waited for.
    private static readonly TimeSpan s_visitIsOver = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private readonly List<Thread> _pool = [];
    private readonly List<(Thread Thread, long Last)> _visitors = [];
    private readonly List<Thread> _waiting = [];
    private readonly List<Thread> _believed = [];
    private readonly List<SynchronizationContext> _contexts = [];

    /// <summary>A thread begins to run something of the host's.</summary>
    public void Enter(Thread thread)
    {
        lock (_gate)
        {
            if (thread.IsThreadPoolThread)
            {
                _pool.Add(thread);
            }
            else
            {
                Visit(thread);
            }
        }
    }

    /// <summary>It has ceased to.</summary>
    public void Leave(Thread thread)
    {
        lock (_gate)
        {
            _pool.Remove(thread);
            _believed.Remove(thread);
            _visitors.RemoveAll(v => v.Thread == thread);
        }
    }

    /// <summary>The current thread uses the host now.</summary>
    public void Use()
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        bool isPools = Thread.CurrentThread.IsThreadPoolThread;
        if (isPools && context is null)
        {
            return;
        }

        lock (_gate)
        {
            if (!isPools)
            {
                Visit(Thread.CurrentThread);
            }

            if (context is not null && !_contexts.Contains(context))
            {
                _contexts.Add(context);
            }
        }
    }

    /// <summary>Where those who use the host want to go on, other than on the pool.</summary>
    public IReadOnlyList<SynchronizationContext> Contexts()
    {
        lock (_gate)
        {
            return _contexts.Count == 0 ? [] : [.. _contexts];
        }
    }

    /// <summary>Forgets them, until they are seen again.</summary>
    public void ForgetContexts()
    {
        lock (_gate)
        {
            _contexts.Clear();
        }
    }

    /// <summary>The current thread is going to do nothing but wait for the host, until <see cref="GoOn"/>.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            _waiting.Add(Thread.CurrentThread);

            // Nothing can go on in a context whose thread waits here.
            _contexts.Clear();
        }
    }

    /// <summary>The current thread goes on.</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            _waiting.Remove(Thread.CurrentThread);
        }
    }

    /// <summary>Whether any of them may be running.</summary>
    /// <param name="doubtful">
    /// True when a thread of the pool is blocked in the middle of something of the host's: it may be about to go on.
    /// </param>
    public bool IsAny(out bool doubtful)
    {
        doubtful = false;
        lock (_gate)
        {
            foreach (Thread thread in _pool)
            {
                if (_waiting.Contains(thread))
                {
                    continue;
                }

                if (!IsBlocked(thread))
                {
                    _believed.Remove(thread);
                    return true;
                }

                doubtful |= !_believed.Contains(thread);
            }

            _visitors.RemoveAll(v => !v.Thread.IsAlive || Environment.TickCount64 - v.Last > s_visitIsOver.TotalMilliseconds);
            foreach ((Thread thread, _) in _visitors)
            {
                if (!_waiting.Contains(thread) && !IsBlocked(thread))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Believes the threads that are blocked now that they wait for the host, as long as they are not seen to run.</summary>
    public void Believe()
    {
        lock (_gate)
        {
            _believed.AddRange(_pool.Where(thread => IsBlocked(thread) && !_believed.Contains(thread)));
        }
    }

    private void Visit(Thread thread)
    {
        _visitors.RemoveAll(v => v.Thread == thread);
        _visitors.Add((thread, Environment.TickCount64));
    }

    private static bool IsBlocked(Thread thread) => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0;
}
