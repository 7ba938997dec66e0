using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Changes;

public class ChangeLockTests
{
    private static readonly LockOwner s_alice = new(
        new LockNote("Restart netdd (Restart-XenDriverDomain)", "alice at laptop (process 7)", new DateTimeOffset(
            2026, 11, 29, 12, 0, 1, TimeSpan.Zero)),
        "over SSH from 192.0.2.7",
        4711);

    private readonly ManualTimeProvider _time = new();
    private readonly RecordingReporter _reporter = new();
    private readonly StubLock _lock = new();

    [Fact]
    public async Task A_free_lock_is_taken_at_once_and_nothing_is_said()
    {
        using ChangeLock? held = await TakeAsync();

        Assert.NotNull(held);
        Assert.Empty(_reporter.Verboses);
        Assert.Empty(_reporter.Steps);
        Assert.StartsWith("Add-XenPciAssignable", _lock.Told[0].What, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", _lock.Told[0].Who, StringComparison.Ordinal);
        Assert.Equal(_time.GetUtcNow(), _lock.Told[0].Since);
    }

    [Fact]
    public async Task Who_meets_it_is_told_whose_it_is_and_waits_for_it()
    {
        _lock.Owner = s_alice;
        Task<ChangeLock?> taking = TakeAsync();
        await _time.WhenArmedAsync();
        Assert.False(taking.IsCompleted);

        _lock.Owner = null;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(await taking);
        string words = Assert.Single(_reporter.Verboses);
        Assert.Contains("alice at laptop (process 7), over SSH from 192.0.2.7", words, StringComparison.Ordinal);
        Assert.Contains("since 2026-11-29 12:00:01 UTC: Restart netdd", words, StringComparison.Ordinal);
        Assert.Contains("alice", _reporter.Steps[0].Status, StringComparison.Ordinal);
        Assert.Equal(100, _reporter.Steps[^1].Percent);
    }

    [Fact]
    public async Task Patience_ends_in_an_error_that_names_the_owner()
    {
        _lock.Owner = s_alice;
        Task<ChangeLock?> taking = TakeAsync();
        while (!taking.IsCompleted)
        {
            await Task.WhenAny(_time.WhenArmedAsync(), taking);
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => taking);
        Assert.Equal(ErrorIds.Dom0Locked, error.ErrorId);
        Assert.Equal(ErrorKind.InUse, error.Kind);
        Assert.Contains("alice at laptop", error.Message, StringComparison.Ordinal);
        Assert.Contains("Restart-XenDriverDomain", error.Message, StringComparison.Ordinal);
        Assert.Contains("process 4711 on dom0", error.Remedy, StringComparison.Ordinal);
        Assert.Equal("host", error.Target);
        Assert.Equal(ChangeLock.DefaultPatience, _time.GetUtcNow() - _lock.Told[0].Since);
    }

    [Fact]
    public async Task An_owner_who_has_not_said_who_he_is_is_an_owner_all_the_same()
    {
        _lock.IsHeld = true;
        Task<ChangeLock?> taking = TakeAsync(TimeSpan.Zero);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => taking);
        Assert.Contains("who has not said who he is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wait_can_be_cancelled()
    {
        _lock.Owner = s_alice;
        using CancellationTokenSource user = new();
        Task<ChangeLock?> taking = ChangeLock.TakeAsync(Host(), "x", ChangeLock.DefaultPatience, user.Token);
        await _time.WhenArmedAsync();

        await user.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    [Fact]
    public async Task Where_there_can_be_no_lock_one_warning_says_so_and_the_change_goes_on()
    {
        _lock.Obstacle = "it has no flock(1)";
        Dom0 host = Host();

        Assert.Null(await TakeAsync(host: host));
        Assert.Null(await TakeAsync(host: host));

        Assert.Contains("it has no flock(1)", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_root_is_not_warned_since_the_change_itself_is_refused_to_him()
    {
        _lock.Obstacle = "Permission denied";
        _lock.IsForbidden = true;

        Assert.Null(await TakeAsync());

        Assert.Empty(_reporter.Warnings);
        Assert.Contains("Permission denied", Assert.Single(_reporter.Debugs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_being_done_is_told_and_letting_go_is_remembered_by_the_host()
    {
        Dom0 host = Host();
        ChangeLock? held = await TakeAsync(host: host);
        held!.Tell("Make 0000:00:10.0 assignable");
        _lock.Slow = new TaskCompletionSource();

        held.Dispose();
        Task disposing = host.DisposeAsync().AsTask();

        Assert.Equal("Make 0000:00:10.0 assignable (Add-XenPciAssignable)", _lock.Told[^1].What);
        Assert.False(disposing.IsCompleted);
        _lock.Slow.SetResult();
        await disposing;
        Assert.False(_lock.IsHeld);
    }

    private Task<ChangeLock?> TakeAsync(TimeSpan? patience = null, Dom0? host = null) => ChangeLock.TakeAsync(
        host ?? Host(), "Add-XenPciAssignable", patience ?? ChangeLock.DefaultPatience, default);

    private Dom0 Host()
    {
        Dom0 host = new("host", null!, null!, null!, (_, _) => throw new NotSupportedException(), _time) { Lock = _lock };
        host.Reporter.Listen(_reporter);
        return host;
    }

    private sealed class StubLock : IDom0Lock
    {
        public LockOwner? Owner { get; set; }

        public bool IsHeld { get; set; }

        public string? Obstacle { get; set; }

        public bool IsForbidden { get; set; }

        public TaskCompletionSource? Slow { get; set; }

        public List<LockNote> Told { get; } = [];

        public ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken)
        {
            Told.Add(note);
            bool isFree = Owner is null && !IsHeld && Obstacle is null;
            IsHeld |= isFree;
            return ValueTask.FromResult(
                new LockAttempt
                {
                    Hold = isFree ? new StubHold(this) : null,
                    Owner = Owner,
                    Obstacle = Obstacle,
                    IsForbidden = IsForbidden,
                });
        }
    }

    private sealed class StubHold(StubLock owner) : IDom0LockHold
    {
        public ValueTask TellAsync(LockNote note)
        {
            owner.Told.Add(note);
            return ValueTask.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            if (owner.Slow is { } slow)
            {
                await slow.Task;
            }

            owner.IsHeld = false;
        }
    }
}
