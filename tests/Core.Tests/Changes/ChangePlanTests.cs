using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Changes;

public class ChangePlanTests
{
    private readonly List<string> _log = [];
    private readonly RecordingReporter _reporter = new();

    [Fact]
    public async Task Steps_run_in_order_and_progress_ends_at_100()
    {
        await RunAsync(new ChangePlan("T", [Step("a"), Step("b")]));

        Assert.Equal(["do a", "do b"], _log);
        Assert.Equal(["a", "b"], _reporter.Verboses);
        Assert.Equal([("1 of 2: a", 0), ("2 of 2: b", 50), ("Done", 100)], _reporter.Steps);
    }

    [Fact]
    public async Task An_empty_plan_does_nothing_and_says_nothing()
    {
        await RunAsync(new ChangePlan("T", []));

        Assert.Empty(_reporter.Steps);
    }

    [Fact]
    public void Describe_numbers_the_steps() =>
        Assert.Equal("1. a\n2. b", new ChangePlan("T", [Step("a"), Step("b")]).Describe());

    [Fact]
    public async Task A_failure_undoes_newest_first_with_the_failed_step_included_and_later_ones_untouched()
    {
        XenDriverDomainException cause = new("SomeId", ErrorKind.InUse, "it is busy.", "Wait.", "the card");
        ChangePlan plan = new("Change it", [Step("a"), Step("b"), Step("c", fail: cause), Step("d")])
        {
            DescribeStateAsync = _ => Task.FromResult("all is as before."),
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["do a", "do b", "do c", "undo c", "undo b", "undo a"], _log);
        Assert.Equal(["undo of c", "undo of b", "undo of a"], error.Outcome.Undone);
        Assert.Equal(["a", "b", "c", "undo of c", "undo of b", "undo of a"], _reporter.Verboses);
        Assert.Equal(("Undone", 100), _reporter.Steps[^1]);
        Assert.Equal(("SomeId", ErrorKind.InUse, "Wait.", (object?)"the card"), (error.ErrorId, error.Kind, error.Remedy, error.Target));
        Assert.Equal(
            "Change it failed at the step \"c\": it is busy. Everything done before was undone. Now: all is as before.", error.Message);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public async Task An_undo_that_fails_is_named_and_the_others_are_still_undone()
    {
        ChangePlan plan = new(
            "T",
            [
                Step("a"), Step("b", undoFails: new InvalidOperationException("stuck")),
                Step("c", fail: new InvalidOperationException("no")),
            ]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["do a", "do b", "do c", "undo c", "undo b", "undo a"], _log);
        Assert.Equal(["undo of b: a fault of this module, not of the host."], error.Outcome.Remaining);
        Assert.Equal(ErrorIds.ChangeFailed, error.ErrorId);
        Assert.Contains("NOT undone: undo of b: a fault of this module", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stuck", error.Message, StringComparison.Ordinal);
        Assert.Contains("run the same command again", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(
            "Could not undo a step. undo of b: a fault of this module, not of the host.", Assert.Single(_reporter.Warnings));
        Assert.Equal(("Failed", 100), _reporter.Steps[^1]);
    }

    [Fact]
    public async Task What_was_done_and_has_no_undo_is_not_called_nothing()
    {
        ChangePlan plan = new(
            "T", [Step("a") with { Undo = null }, Step("b", fail: new InvalidOperationException("no")) with { Undo = null }]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["a"], error.Outcome.Kept);
        Assert.EndsWith("Done and kept: a.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_be_undone_is_not_called_everything_when_something_stays()
    {
        ChangePlan plan = new("T", [Step("a"), Step("b") with { Undo = null }, Step("c", fail: new InvalidOperationException("no"))]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.EndsWith("What can be undone was undone. Done and kept: b.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_nothing_to_undo_nothing_is_undone_and_nothing_claimed()
    {
        ChangePlan plan = new("T",
        [
            Step("a", fail: new InvalidOperationException("no"), undoFails: new InvalidOperationException("stuck")) with
            {
                IsUndoneAsync = (_, _) => Task.FromResult(true),
            },
        ]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["do a"], _log);
        Assert.Empty(error.Outcome.Undone);
        Assert.Empty(error.Outcome.Remaining);
        Assert.EndsWith("Nothing had been changed before it.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undo_that_is_not_seen_afterwards_is_not_claimed()
    {
        ChangePlan plan = new("T",
        [
            Step("a") with { IsUndoneAsync = (_, _) => Task.FromResult(false) },
            Step("b", fail: new InvalidOperationException("no")) with { Undo = null },
        ]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["do a", "do b", "undo a"], _log);
        Assert.Equal(["undo of a: it was carried out, but the host is not as it was before"], error.Outcome.Remaining);
        Assert.Empty(error.Outcome.Undone);
    }

    [Fact]
    public async Task Who_cannot_look_undoes()
    {
        bool looked = false;
        ChangePlan plan = new("T",
        [
            Step("a") with
            {
                IsUndoneAsync = (_, _) =>
                {
                    bool first = !looked;
                    looked = true;
                    return first ? Task.FromException<bool>(new IOException("blind")) : Task.FromResult(true);
                },
            },
            Step("b", fail: new InvalidOperationException("no")) with { Undo = null },
        ]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["undo of a"], error.Outcome.Undone);
        Assert.StartsWith(
            "Whether there is something to undo could not be seen: ", Assert.Single(_reporter.Debugs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_whether_there_is_something_to_undo_is_over_when_the_time_for_it_is()
    {
        ChangePlan plan = new("T",
        [
            Step("a") with
            {
                IsUndoneAsync = async (_, token) =>
                {
                    await Task.Delay(Timeout.Infinite, token);
                    return true;
                },
            },
            Step("b", fail: new InvalidOperationException("no")),
        ])
        {
            UndoTimeout = TimeSpan.Zero,
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["undo of a: undoing took longer than 0 s"], error.Outcome.Remaining);
        Assert.DoesNotContain("undo a", _log);
    }

    [Fact]
    public async Task A_step_that_keeps_the_earlier_ones_undoes_itself_alone()
    {
        ChangePlan plan = new(
            "T", [Step("a"), Step("b"), Step("c", fail: new InvalidOperationException("no")) with { KeepsEarlierSteps = true }]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(["do a", "do b", "do c", "undo c"], _log);
        Assert.Equal(["b", "a"], error.Outcome.Kept);
    }

    [Fact]
    public async Task Cancelling_undoes_with_a_token_that_is_not_cancelled()
    {
        using CancellationTokenSource user = new();
        ChangePlan plan = new("T",
        [
            Step("a"),
            new ChangeStep("b", new Look(async (_, token) =>
            {
                await user.CancelAsync();
                token.ThrowIfCancellationRequested();
            })),
            Step("c"),
        ]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plan.RunAsync(Hand, user.Token));

        Assert.Equal(["do a", "undo a"], _log);
        Assert.Equal(["T: stopped at the step \"b\". What had been done is undone now.", "T: undone."], _reporter.Warnings);
    }

    [Fact]
    public async Task Cancelling_when_the_undo_fails_is_told_as_a_failed_change()
    {
        using CancellationTokenSource user = new();
        ChangePlan plan = new("T",
        [
            Step("a", undoFails: new InvalidOperationException("stuck")),
            new ChangeStep("b", new Look(async (_, token) =>
            {
                await user.CancelAsync();
                token.ThrowIfCancellationRequested();
            })),
        ]);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(
            () => plan.RunAsync(Hand, user.Token));

        Assert.Equal(["undo of a: a fault of this module, not of the host."], error.Outcome.Remaining);
        Assert.StartsWith("T ended at the step \"b\": it was stopped. NOT undone: undo of a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_throws_something_of_NETs_is_told_in_our_words()
    {
        ChangeFailedException gaveUp = await FailAsync(new TaskCanceledException());
        Assert.Equal((ErrorIds.OperationTimedOut, ErrorKind.Timeout), (gaveUp.ErrorId, gaveUp.Kind));
        Assert.Equal(
            "T failed at the step \"a\": it took too long and was given up. Everything done before was undone. "
            + "Now: The state could not be read: a fault of this module, not of the host.",
            gaveUp.Message);

        ChangeFailedException broke = await FailAsync(new IOException("Broken pipe"));
        Assert.Equal((ErrorIds.ConnectionLost, ErrorKind.Connection), (broke.ErrorId, broke.Kind));
        Assert.DoesNotContain("pipe", broke.Message, StringComparison.Ordinal);

        ChangeFailedException fault = await FailAsync(new FormatException("The input string was not in a correct format."));
        Assert.Equal((ErrorIds.ChangeFailed, ErrorKind.ChangeFailed), (fault.ErrorId, fault.Kind));
        Assert.DoesNotContain("format", fault.Message, StringComparison.Ordinal);
        Assert.Contains("report", fault.Remedy, StringComparison.Ordinal);

        Task<ChangeFailedException> FailAsync(Exception thrown) => Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(
            new ChangePlan("T", [Step("a", fail: thrown)])
            {
                DescribeStateAsync = _ => throw new FormatException("not in a correct format"),
            }));
    }

    [Fact]
    public async Task Cancelled_before_it_began_it_touches_nothing()
    {
        using CancellationTokenSource user = new();
        await user.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ChangePlan("T", [Step("a")]).RunAsync(Hand, user.Token));

        Assert.Empty(_log);
        Assert.Empty(_reporter.Warnings);
    }

    [Fact]
    public async Task Undoing_has_a_time_limit_of_its_own()
    {
        ChangePlan plan = new("T",
        [
            Step("a") with { Undo = [new Look((_, token) => Task.Delay(Timeout.Infinite, token))] },
            Step("b", fail: new InvalidOperationException("no")),
        ])
        {
            UndoTimeout = TimeSpan.Zero,
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Contains("longer than", Assert.Single(error.Outcome.Remaining), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_does_not_hide_the_failure()
    {
        ChangePlan plan = new("T", [Step("a", fail: new InvalidOperationException("no"))])
        {
            DescribeStateAsync = _ => throw new XenDriverDomainException("XlCommandFailed", ErrorKind.Device, "gone.", "Repair it."),
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal("The state could not be read: gone.", error.Outcome.State);
        Assert.StartsWith("T failed at the step \"a\": a fault of this module", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_is_told_once_and_how_to_go_on()
    {
        XenDriverDomainException lost = new("ConnectionLost", ErrorKind.Connection, "The line is dead.", "Connect again.");
        ChangePlan plan = new("T", [Step("a", undoFails: lost), Step("b", fail: lost, undoFails: lost)])
        {
            DescribeStateAsync = _ => throw lost,
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => RunAsync(plan));

        Assert.Equal(("ConnectionLost", ErrorKind.Connection), (error.ErrorId, error.Kind));
        Assert.Equal(2, error.Message.Split("The line is dead.").Length);
        Assert.Contains("NOT undone: undo of b", error.Message, StringComparison.Ordinal);
        Assert.Contains("undo of a", error.Message, StringComparison.Ordinal);
        Assert.Contains("Connect-XenDom0", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("run the same command again", error.Remedy, StringComparison.Ordinal);
    }

    private Task RunAsync(ChangePlan plan) => plan.RunAsync(Hand, default);

    private HostHand Hand
    {
        get
        {
            Dom0 dom0 = new("test", null!, null!, null!, (_, _) => throw new NotSupportedException(), TimeProvider.System);
            dom0.Reporter.Listen(_reporter);
            return new HostHand(dom0, null!);
        }
    }

    private ChangeStep Step(string name, Exception? fail = null, Exception? undoFails = null) => new(name, Log("do " + name, fail))
    {
        UndoDescription = "undo of " + name,
        Undo = [Log("undo " + name, undoFails)],
    };

    private Look Log(string what, Exception? fail) => new((_, _) =>
    {
        _log.Add(what);
        return fail is null ? Task.CompletedTask : Task.FromException(fail);
    });
}
