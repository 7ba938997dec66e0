using XenDriverDomain.Errors;
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
}
