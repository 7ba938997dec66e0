using System.Diagnostics;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Tests.Events;

/// <summary>The clock that runs with the wall clock.</summary>
public sealed class RealTimeTests
{
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task What_is_waited_for_takes_its_time()
    {
        await using SimulatedDom0 host = SimulatedDom0.Create(new SimulatedHostOptions { IsRealTime = true });
        long begun = Stopwatch.GetTimestamp();

        await Task.Delay(s_wait, host.Time);

        // A clock that skips is there at once; that a wait is not over before its time is no matter of speed.
        Assert.True(Stopwatch.GetElapsedTime(begun) >= s_wait - TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_running_program_can_be_cancelled_in_the_middle()
    {
        await using SimulatedDom0 host = SimulatedDom0.Create(new SimulatedHostOptions { IsRealTime = true });
        using CancellationTokenSource stop = new();
        Task hanging = Task.Delay(TimeSpan.FromHours(1), host.Time, stop.Token);

        Assert.Contains("Domain-0", host.Run("xl list").StandardOutput, StringComparison.Ordinal);
        Assert.False(hanging.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task Time_can_be_skipped_all_the_same_and_then_runs_on()
    {
        await using SimulatedDom0 host = SimulatedDom0.Create(new SimulatedHostOptions { IsRealTime = true });
        TimeSpan before = host.Time.Elapsed;

        host.Advance(3600);

        Assert.True(host.Time.Elapsed - before >= TimeSpan.FromHours(1));
        Assert.True(host.Time.IsReal);
        TimeSpan now = host.Time.Elapsed;
        await Task.Delay(TimeSpan.FromMilliseconds(20));
        Assert.True(host.Time.Elapsed > now);
    }

    [Fact]
    public void Events_come_in_their_order()
    {
        using SimulatedTime time = new() { IsReal = true };
        List<int> seen = [];
        using ManualResetEventSlim done = new();

        time.Schedule(TimeSpan.FromMilliseconds(30), () => seen.Add(2));
        time.Schedule(TimeSpan.FromMilliseconds(10), () => seen.Add(1));
        time.Schedule(TimeSpan.FromMilliseconds(50), done.Set);

        Assert.True(done.Wait(TimeSpan.FromMinutes(1)));
        Assert.Equal([1, 2], seen);
    }
}
