using System.Diagnostics;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Tests.Access;

/// <summary>What dom0's lock promises, however dom0 is reached; each lock of a test is another session's.</summary>
public abstract class LockContract : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset s_since = new(2026, 11, 29, 12, 34, 56, TimeSpan.Zero);

    private IDom0Lock? _session;

    /// <summary>A directory that the tests may do with as they like.</summary>
    private protected string Root { get; } = System.IO.Directory.CreateTempSubdirectory("xdd-lock-").FullName;

    /// <summary>The lock's own directory, which does not exist yet.</summary>
    private protected string LockDirectory => $"{Root}/own";

    private protected string LockFile => $"{LockDirectory}/lock";

    /// <summary>How the owner's way is told.</summary>
    protected abstract string Way { get; }

    private protected static LockNote Note(string what = "Add-XenPciAssignable") => new(what, "alice at laptop (process 7)", s_since);

    /// <summary>The lock as a session sees it, in <see cref="LockDirectory"/>.</summary>
    private protected abstract Task<IDom0Lock> SessionAsync();

    private protected abstract IDom0Commands CommandsOf(IDom0Lock session);

    public virtual ValueTask InitializeAsync() => default;

    public virtual ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task One_has_it_and_the_other_is_told_who()
    {
        IDom0LockHold hold = await TakeAsync(await SessionAsync());

        LockAttempt refused = await (await SessionAsync()).TryTakeAsync(Note("Remove-XenPciAssignable"), default);

        Assert.Null(refused.Hold);
        Assert.Null(refused.Obstacle);
        Assert.Equal(Note(), refused.Owner!.Note);
        Assert.StartsWith(Way, refused.Owner.Way, StringComparison.Ordinal);
        Assert.True(System.IO.Directory.Exists($"/proc/{refused.Owner.ProcessId}"));
        await hold.DisposeAsync();
    }

    [Fact]
    public async Task What_is_let_go_of_can_be_taken_and_says_nothing_of_the_one_before()
    {
        IDom0LockHold hold = await TakeAsync(await SessionAsync());
        await hold.DisposeAsync();
        Assert.Equal("", await File.ReadAllTextAsync(LockFile));

        // Who let go once does not let go of another one's.
        await using IDom0LockHold next = await TakeAsync(await SessionAsync());
        await hold.DisposeAsync();
        Assert.NotNull((await (await SessionAsync()).TryTakeAsync(Note(), default)).Owner);
    }

    [Fact]
    public async Task Within_one_session_it_is_taken_once()
    {
        IDom0Lock session = await SessionAsync();
        await using IDom0LockHold hold = await TakeAsync(session);

        LockAttempt again = await session.TryTakeAsync(Note("Remove-XenPciAssignable"), default);

        Assert.Null(again.Hold);
        Assert.Equal("Add-XenPciAssignable", again.Owner!.Note.What);
    }

    [Fact]
    public async Task What_is_being_done_can_be_told_in_other_words_of_any_kind()
    {
        const string Words = "Restart 'net dd' \"$(id)\" `x` \\ % ü (Restart-XenDriverDomain)";
        await using IDom0LockHold hold = await TakeAsync(await SessionAsync());

        await hold.TellAsync(Note(Words));

        Assert.Equal(Words, (await (await SessionAsync()).TryTakeAsync(Note(), default)).Owner!.Note.What);
    }

    [Fact]
    public async Task Words_that_are_no_line_become_one()
    {
        await using IDom0LockHold hold = await TakeAsync(await SessionAsync(), Note("two\nlines\e[31m"));

        Assert.Equal("two\\u{a}lines\\u{1b}[31m", (await (await SessionAsync()).TryTakeAsync(Note(), default)).Owner!.Note.What);
    }

    [Fact]
    public async Task What_a_dead_owner_left_is_never_shown_as_the_holder()
    {
        string mine = LockText.StartIn(await File.ReadAllTextAsync($"/proc/{Environment.ProcessId}/stat"))!;

        // Its number was given again: this process lives, and is another one.
        LockAttempt again = await AttemptAsync(LockText.Compose(Environment.ProcessId, "1", Note(), "somehow"));
        LockAttempt dead = await AttemptAsync(LockText.Compose(4194304 + 1, mine, Note(), "somehow"));
        LockAttempt alive = await AttemptAsync(LockText.Compose(Environment.ProcessId, mine, Note(), "somehow"));

        Assert.Equal((null, null, null), (again.Hold, again.Owner, again.Obstacle));
        Assert.Equal((null, null, null), (dead.Hold, dead.Owner, dead.Obstacle));
        Assert.Equal(Note(), alive.Owner!.Note);
    }

    [Fact]
    public async Task Whatever_is_in_the_file_does_no_harm()
    {
        string[] texts =
        [
            "", "\n\n\n\n\n", "* *\n", "../self x\n\n\n\n\n", "1", "99999999999999999999 1\n\n\n\n\n\n", new string('x', 100_000),
        ];
        foreach (string text in texts)
        {
            LockAttempt attempt = await AttemptAsync(text);

            Assert.Equal((null, null, null), (attempt.Hold, attempt.Owner, attempt.Obstacle));
        }
    }

    [Fact]
    public async Task A_program_that_stays_behind_does_not_keep_it()
    {
        IDom0Lock session = await SessionAsync();
        IDom0LockHold hold = await TakeAsync(session);
        CommandResult left = await CommandsOf(session).RunAsync(
            new CommandRequest("sh", ["-c", "sleep 1000 >/dev/null 2>&1 & echo $!"]), default);
        try
        {
            await hold.DisposeAsync();

            await using IDom0LockHold next = await TakeAsync(await SessionAsync());
        }
        finally
        {
            Libc.Kill(int.Parse(left.StandardOutput), 9);
        }
    }

    [Fact]
    public async Task Its_directory_is_its_owners_alone()
    {
        await using IDom0LockHold hold = await TakeAsync(await SessionAsync());

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(LockDirectory));
    }

    [Fact]
    public async Task A_directory_that_is_none_or_only_a_link_to_one_is_an_obstacle()
    {
        System.IO.Directory.CreateDirectory($"{Root}/elsewhere");
        File.CreateSymbolicLink(LockDirectory, $"{Root}/elsewhere");
        LockAttempt link = await (await SessionAsync()).TryTakeAsync(Note(), default);
        File.Delete(LockDirectory);
        await File.WriteAllTextAsync(LockDirectory, "");
        LockAttempt file = await (await SessionAsync()).TryTakeAsync(Note(), default);

        Assert.Null(link.Hold);
        Assert.NotEmpty(link.Obstacle!);
        Assert.Null(file.Hold);
        Assert.NotEmpty(file.Obstacle!);
        Assert.Empty(System.IO.Directory.GetFileSystemEntries($"{Root}/elsewhere"));
    }

    [Fact]
    public async Task A_cancelled_attempt_holds_nothing()
    {
        IDom0Lock session = await SessionAsync();
        using CancellationTokenSource cancellation = new();
        Task<LockAttempt> attempt = session.TryTakeAsync(Note(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (attempt.IsCompletedSuccessfully)
        {
            await (await attempt).Hold!.DisposeAsync();
        }

        await using IDom0LockHold other = await WaitAsync(await SessionAsync());
        Assert.Null((await session.TryTakeAsync(Note(), default)).Hold);
    }

    private protected static async Task<IDom0LockHold> TakeAsync(IDom0Lock session, LockNote? note = null)
    {
        LockAttempt attempt = await session.TryTakeAsync(note ?? Note(), default);
        Assert.True(attempt.Hold is not null, attempt.Obstacle ?? $"{attempt.Owner}");
        return attempt.Hold;
    }

    /// <summary>The lock, as soon as it is free.</summary>
    private protected static async Task<IDom0LockHold> WaitAsync(IDom0Lock session)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            if ((await session.TryTakeAsync(Note(), default)).Hold is { } hold)
            {
                return hold;
            }

            Assert.True(waited.Elapsed < s_patience, "nobody let go of the lock");
            await Task.Delay(20);
        }
    }

    /// <summary>Tries while a program that is not ours holds the lock, and the file says something.</summary>
    private async Task<LockAttempt> AttemptAsync(string text)
    {
        System.IO.Directory.CreateDirectory(LockDirectory);
        await File.WriteAllTextAsync(LockFile, text);
        using Process holder = Process.Start(new ProcessStartInfo(Needs.Find("flock"), [LockFile, "sh", "-c", "echo held; read x"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync().WaitAsync(s_patience));
        _session ??= await SessionAsync();
        LockAttempt attempt = await _session.TryTakeAsync(Note(), default);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        return attempt;
    }
}
