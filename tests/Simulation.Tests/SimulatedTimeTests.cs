using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Tests;

public sealed class SimulatedTimeTests : IDisposable
{
    private readonly SimulatedTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _time.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Waiting_a_day_takes_no_day()
    {
        await Task.Delay(TimeSpan.FromDays(1), _time);

        Assert.True(_time.GetUtcNow() >= new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact(Timeout = 60_000)]
    public async Task Events_happen_in_the_order_of_their_times_before_a_wait_that_is_longer()
    {
        List<string> seen = [];
        _time.Schedule(TimeSpan.FromHours(2), () => seen.Add("two hours"));
        _time.Schedule(TimeSpan.FromHours(1), () =>
        {
            seen.Add("one hour");
            _time.Schedule(TimeSpan.FromMinutes(5), () => seen.Add("five minutes later"));
            _time.Schedule(TimeSpan.Zero, () => seen.Add("at once"));
        });
        using IDisposable late = _time.Schedule(TimeSpan.FromHours(5), () => seen.Add("after the wait"));
        await Task.Delay(TimeSpan.FromHours(3), _time);

        Assert.Equal(["one hour", "at once", "five minutes later", "two hours"], seen);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_done_as_an_event_is_not_done_beside_one()
    {
        int inside = 0, together = 0;
        bool Work()
        {
            together += Interlocked.Increment(ref inside) - 1;
            Thread.SpinWait(500);
            Interlocked.Decrement(ref inside);
            return true;
        }

        for (int i = 0; i < 1000; i++)
        {
            _time.Schedule(TimeSpan.FromMilliseconds(i), () => Work());
        }

        Task events = Task.Delay(TimeSpan.FromSeconds(1), _time);
        Thread beside = new(() =>
        {
            while (!events.IsCompleted)
            {
                _time.RunAsEvent(Work);
            }
        });

        // Somebody of whom the clock knows nothing, and for whom it does not wait.
        beside.UnsafeStart();
        await events;
        beside.Join();
        Assert.Equal(0, together);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_event_that_is_taken_back_does_not_happen()
    {
        bool happened = false;
        _time.Schedule(TimeSpan.FromHours(1), () => happened = true).Dispose();
        await Task.Delay(TimeSpan.FromHours(2), _time);

        Assert.False(happened);
    }

    [Fact(Timeout = 60_000)]
    public async Task Polling_reaches_an_event_that_lies_ahead()
    {
        bool happened = false;
        _time.Schedule(TimeSpan.FromMinutes(1), () => Volatile.Write(ref happened, true));
        int polls = 0;
        while (!Volatile.Read(ref happened))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _time);
            polls++;
        }

        Assert.InRange(polls, 59, 61);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_call_in_flight_holds_the_clock()
    {
        IDisposable busy = _time.Busy();
        Task wait = Task.Delay(TimeSpan.FromDays(1), _time);
        bool early = await Task.WhenAny(wait, Task.Delay(TimeSpan.FromMilliseconds(300))) == wait;
        busy.Dispose();
        await wait;

        Assert.False(early);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_anybody_waiting_an_event_is_not_brought_forward()
    {
        bool happened = false;
        using (_time.Schedule(TimeSpan.FromDays(1), () => Volatile.Write(ref happened, true)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }

        Assert.False(Volatile.Read(ref happened));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_periodic_timer_ticks_until_it_is_disposed()
    {
        int ticks = 0;
        await using (_time.CreateTimer(_ => Interlocked.Increment(ref ticks), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)))
        {
            await Task.Delay(TimeSpan.FromMinutes(10), _time);
        }

        int then = ticks;
        await Task.Delay(TimeSpan.FromMinutes(10), _time);

        Assert.InRange(then, 5, 6);
        Assert.Equal(then, ticks);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_time_out_does_not_come_before_work_that_is_queued()
    {
        // Every continuation goes through the thread pool; the time-out has to let a long chain of them pass.
        async Task<int> WorkAsync()
        {
            for (int i = 0; i < 20_000; i++)
            {
                await Task.Yield();
                _time.Touch();
            }

            return 7;
        }

        Assert.Equal(7, await WorkAsync().WaitAsync(TimeSpan.FromSeconds(30), _time));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_event_threw_is_told_by_the_next_call()
    {
        _time.Schedule(TimeSpan.Zero, () => throw new TimeZoneNotFoundException());
        await Task.Delay(TimeSpan.FromSeconds(1), _time);

        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(_time.Busy);
        Assert.Equal(SimulationErrorIds.SimulatedHostFailed, error.ErrorId);
        Assert.DoesNotContain("TimeZone", error.Message, StringComparison.Ordinal);
        Assert.IsType<TimeZoneNotFoundException>(error.InnerException);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_stands_while_a_call_is_in_flight_and_goes_on_with_real_time_when_nobody_waits()
    {
        using (_time.Busy())
        {
            TimeSpan then = _time.Elapsed;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            Assert.Equal(then, _time.Elapsed);
        }

        bool happened = false;
        _time.Schedule(TimeSpan.FromMilliseconds(20), () => Volatile.Write(ref happened, true));
        TimeSpan before = _time.Elapsed;
        while (!Volatile.Read(ref happened))
        {
            // By a clock of one's own, as somebody at a prompt.
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        Assert.True(_time.Elapsed >= before + TimeSpan.FromMilliseconds(20));
    }

    [Fact(Timeout = 60_000)]
    public async Task Work_that_a_busy_pool_has_not_begun_yet_holds_it()
    {
        // Two hundred items of others lie before each step of the work, and it has more steps than the time-out has milliseconds.
        static void Burn() => Thread.SpinWait(2000);

        async Task<int> WorkAsync()
        {
            for (int i = 0; i < 100; i++)
            {
                for (int other = 0; other < 200; other++)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static _ => Burn(), null);
                }

                await Task.Yield();
            }

            return 7;
        }

        Assert.Equal(7, await Task.Run(() => WorkAsync().WaitAsync(TimeSpan.FromMilliseconds(50), _time)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thread_of_the_pool_that_is_busy_with_something_else_does_not_stop_it(bool spins)
    {
        using ManualResetEventSlim over = new();
        Task other;
        using (ExecutionContext.SuppressFlow())
        {
            other = Task.Run(() =>
            {
                while (spins && !over.IsSet)
                {
                    Thread.SpinWait(1000);
                }

                over.Wait();
            });
        }

        for (int i = 0; i < 50; i++)
        {
            await Task.Delay(TimeSpan.FromHours(1), _time);
        }

        over.Set();
        await other;
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_blocks_a_thread_until_it_goes_on_gets_there()
    {
        Assert.True(await Task.Run(() => Task.Delay(TimeSpan.FromDays(1), _time).Wait(TimeSpan.FromSeconds(50))));
        Assert.Equal(7, await Task.Run(() => _time.Block(async () =>
        {
            await Task.Delay(TimeSpan.FromDays(1), _time);
            return 7;
        })));
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_looks_again_and_again_and_never_waits_does_not_stop_it_for_ever()
    {
        using SimulatedTime time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMilliseconds(200));
        bool happened = false;
        time.Schedule(TimeSpan.FromMilliseconds(1), () => Volatile.Write(ref happened, true));
        Task wait = Task.Delay(TimeSpan.FromMilliseconds(2), time);
        await Task.Run(async () =>
        {
            while (!Volatile.Read(ref happened))
            {
                time.Touch();
                await Task.Yield();
            }
        });
        await wait;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_thread_of_somebodys_own_that_has_more_to_do_holds_it()
    {
        TimeSpan? passed = null;
        Thread own = new(() =>
        {
            _time.Touch();
            TimeSpan begun = _time.Elapsed;
            Task wait = Task.Delay(TimeSpan.FromMilliseconds(500), _time);
            for (int i = 0; i < 100; i++)
            {
                Thread.SpinWait(20_000);
            }

            passed = _time.Elapsed - begun;
            wait.Wait();
        });
        own.Start();
        await Task.Run(own.Join);

        Assert.Equal(TimeSpan.Zero, passed);
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_goes_on_in_a_context_of_his_own_is_waited_for()
    {
        using SlowContext context = new();
        TaskCompletionSource<TimeSpan> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task background = Task.CompletedTask;
        context.Post(
            async _ =>
            {
                _time.Touch();
                TimeSpan begun = _time.Elapsed;
                background = Task.Run(() => Task.Delay(TimeSpan.FromMilliseconds(900), _time));
                for (int i = 0; i < 20; i++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
                }

                late.SetResult(_time.Elapsed - begun);
            },
            null);

        // Each step ends in the context, a while after it was due; the clock has not gone on meanwhile, although somebody else waits.
        Assert.Equal(TimeSpan.FromMilliseconds(200), await late.Task);
        await background;
    }

    /// <summary>One thread of its own on which everything goes on, and not at once.</summary>
    private sealed class SlowContext : SynchronizationContext, IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<(SendOrPostCallback Work, object? State)> _queue = [];
        private readonly Thread _thread;

        public SlowContext()
        {
            _thread = new Thread(Run) { IsBackground = true };
            _thread.UnsafeStart();
        }

        public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

        public void Dispose()
        {
            _queue.CompleteAdding();
            _thread.Join();
            _queue.Dispose();
        }

        private void Run()
        {
            SetSynchronizationContext(this);
            foreach ((SendOrPostCallback work, object? state) in _queue.GetConsumingEnumerable())
            {
                Thread.Sleep(15);
                work(state);
            }
        }
    }
}
