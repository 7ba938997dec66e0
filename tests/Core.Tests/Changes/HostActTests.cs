using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Changes;

/// <summary>What acts, conditions and waits do through the ports.</summary>
public sealed class HostActTests
{
    private const string Attribute = "/sys/bus/pci/drivers/pciback/new_slot";

    private static readonly XenStorePath s_record = XenStorePath.Parse("/libxl/pci/0000-03-00-0/name");
    private readonly MemoryFiles _files = new();
    private readonly ScriptedCommands _commands = new();
    private readonly StoreAtHand _store = new();
    private readonly RecordingReporter _reporter = new();
    private readonly HostHand _hand;

    public HostActTests()
    {
        Dom0 dom0 = new("xen1", _files, _commands, null!, (_, _) => _store.ConnectAsync(), TimeProvider.System);
        dom0.Reporter.Listen(_reporter);
        _hand = new HostHand(dom0, new XlTool(dom0));
    }

    [Fact]
    public async Task An_attribute_gets_its_text_in_one_write_and_what_is_done_is_told()
    {
        _files.Put(Attribute, string.Empty);

        Assert.Null(await DoAsync(new WriteAttribute(Attribute, "0000:03:00.0")));

        Assert.Equal([(Attribute, "0000:03:00.0")], _files.Writes);
        Assert.Equal([$"On xen1: printf '0000:03:00.0' > {Attribute}"], _reporter.Debugs);
    }

    [Theory]
    [InlineData(nameof(Errno.ENODEV))]
    [InlineData(nameof(Errno.EBUSY))]
    public async Task The_kernels_no_is_an_outcome(string name)
    {
        Errno errno = Enum.Parse<Errno>(name);
        _files.Put(Attribute, string.Empty).FailWrite(Attribute, errno);

        Assert.Equal(errno, (await DoAsync(new WriteAttribute(Attribute, "x")))?.Errno);
    }

    [Theory]
    [InlineData(nameof(Errno.EACCES))]
    [InlineData(nameof(Errno.EPERM))]
    [InlineData(nameof(Errno.EROFS))]
    public async Task Missing_rights_are_an_error_at_once(string name)
    {
        Errno errno = Enum.Parse<Errno>(name);
        _files.Put(Attribute, string.Empty).FailWrite(Attribute, errno);

        HostFileException error = await Assert.ThrowsAsync<HostFileException>(() => DoAsync(new WriteAttribute(Attribute, "x")));

        Assert.Equal(errno, error.Errno);
    }

    [Fact]
    public async Task A_file_is_made_with_its_directory_and_deleted()
    {
        Assert.True(await DoAsync(new ReplaceFile("/etc/xen/dd/a.cfg", "a = 1\n"u8.ToArray())));
        Assert.Equal("a = 1\n", _files.Text("/etc/xen/dd/a.cfg"));

        Assert.True(await DoAsync(new DeleteFile("/etc/xen/dd/a.cfg")));
        Assert.False(_files.Exists("/etc/xen/dd/a.cfg"));
    }

    [Fact]
    public async Task A_step_of_a_file_is_planned_only_where_it_changes_something()
    {
        _files.Put("/etc/a", "1\n");

        Assert.Null(await PlanAsync("/etc/a", "1\n"));
        Assert.Null(await PlanAsync("/etc/b", null));
        ChangeStep write = (await PlanAsync("/etc/a", "2\n"))!;
        ChangeStep make = (await PlanAsync("/etc/b", "1\n"))!;
        ChangeStep delete = (await PlanAsync("/etc/a", null))!;

        Assert.Equal(
            [("Write /etc/a", "Restore /etc/a"), ("Write /etc/b", "Delete /etc/b"), ("Delete /etc/a", "Restore /etc/a")],
            new[] { write, make, delete }.Select(step => (step.Description, step.UndoDescription!)));
        await _hand.RunAsync([.. write.Parts, .. make.Parts], default);
        Assert.Equal(("2\n", "1\n"), (_files.Text("/etc/a"), _files.Text("/etc/b")));
        Assert.False(await write.IsUndoneAsync!(_hand, default));
        await _hand.RunAsync([.. write.Undo!, .. make.Undo!], default);
        Assert.Equal(("1\n", null), (_files.Text("/etc/a"), _files.Text("/etc/b")));
        Assert.True(await write.IsUndoneAsync!(_hand, default));

        async Task<ChangeStep?> PlanAsync(string path, string? content) =>
            await HostFileStep.PlanAsync(_files, path, content is null ? null : Encoding.UTF8.GetBytes(content), default);
    }

    [Theory]
    [InlineData(true, "what was read back is not what was written")]
    [InlineData(false, "it is still there")]
    public async Task A_file_that_is_not_as_it_was_made_is_an_error(bool isWritten, string words)
    {
        // Another program is quicker.
        Look meddling = new((_, _) =>
        {
            _files.Put("/etc/a", "other\n");
            return Task.CompletedTask;
        });
        IReadOnlyList<StepPart> parts = HostFileStep.Parts("/etc/a", isWritten ? "1\n"u8.ToArray() : null);

        HostFileException error = await Assert.ThrowsAsync<HostFileException>(
            () => _hand.RunAsync([parts[0], meddling, .. parts.Skip(1)], default));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Xl_gets_its_arguments_as_they_are()
    {
        RunXl act = new("destroy", "it's");
        _files.Put("/usr/sbin/xl", "\x7f" + "ELF");
        List<string> arguments = [];
        _commands.On("/usr/sbin/xl", request =>
        {
            arguments.AddRange(request.Arguments);
            return new CommandResult(3, string.Empty, "libxl: error: gone\n");
        });

        XlResult result = await DoAsync(act);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["destroy", "it's"], arguments.TakeLast(2));
        Assert.Equal(@"xl destroy 'it'\''s'", act.ToShell());
    }

    [Fact]
    public async Task Nodes_are_written_and_removed_with_the_folders_that_hold_nothing_more()
    {
        _store.Node("/libxl/pci/0000-04-00-0/name", "other");

        Assert.True(await DoAsync(new ChangeNodes(new WriteNode(s_record, "card"))));
        Assert.Equal("card", _store[s_record.ToString()]);
        Assert.True(await DoAsync(new ChangeNodes(new WriteNode(s_record, "new") { OnlyIfMissing = true })));
        Assert.Equal("card", _store[s_record.ToString()]);
        Assert.True(await DoAsync(new ChangeNodes(new RemoveNode(s_record) { UpTo = XenStorePath.Parse("/libxl") })));

        Assert.Null(_store["/libxl/pci/0000-03-00-0"]);
        Assert.Equal("other", _store["/libxl/pci/0000-04-00-0/name"]);
        Assert.True(await DoAsync(new ChangeNodes(new RemoveNode(s_record))));
        Assert.True(await DoAsync(new ChangeNodes()));
    }

    [Fact]
    public async Task Without_a_limit_upwards_the_folder_stays()
    {
        _store.Node(s_record.ToString(), "card");

        await DoAsync(new ChangeNodes(new RemoveNode(s_record)));

        Assert.Equal((string.Empty, null), (_store["/libxl/pci/0000-03-00-0"], _store[s_record.ToString()]));
    }

    [Fact]
    public async Task A_node_may_hang_on_what_is_there_when_its_turn_comes()
    {
        ChangeNodes change = new(
            new WriteNode(s_record, "card"),
            new WriteNode(s_record.Parent!.Value / "seen", "1") { If = new NodeIs(s_record, "card") },
            new WriteNode(s_record.Parent!.Value / "unseen", "1") { If = !new NodeExists(s_record) });

        Assert.True(await DoAsync(change));

        Assert.Equal(("1", null), (_store["/libxl/pci/0000-03-00-0/seen"], _store["/libxl/pci/0000-03-00-0/unseen"]));
    }

    [Fact]
    public async Task A_change_whose_condition_does_not_hold_is_none()
    {
        _store.Node(s_record.ToString(), "card");

        Assert.False(await DoAsync(new ChangeNodes(new RemoveNode(s_record)) { While = new PathExists("/sys/there") }));

        Assert.Equal("card", _store[s_record.ToString()]);
    }

    [Fact]
    public async Task A_single_write_may_hang_on_something_as_well()
    {
        WriteNode write = new(s_record, "card");

        Assert.True(await DoAsync(new ChangeNodes(write with { If = new NodeExists(s_record) })));
        Assert.Null(_store[s_record.ToString()]);
        Assert.False(await DoAsync(new ChangeNodes(write) { While = new NodeExists(s_record) }));
        Assert.Null(_store[s_record.ToString()]);
        Assert.True(await DoAsync(new ChangeNodes(write) { While = !new NodeExists(s_record.Parent!.Value / "other") }));
        Assert.Equal("card", _store[s_record.ToString()]);
    }

    // Nodes are in the transaction, the kernel is not.
    [Fact]
    public async Task What_was_removed_comes_back_when_the_condition_ceases_meanwhile()
    {
        _store.Node(s_record.ToString(), "card");
        Ceasing condition = new(1);

        Assert.False(await DoAsync(new ChangeNodes(new RemoveNode(s_record)) { While = condition }));

        Assert.Equal(("card", 2), (_store[s_record.ToString()], condition.Asked));
    }

    [Fact]
    public async Task What_was_removed_stays_away_while_the_condition_holds()
    {
        _store.Node(s_record.ToString(), "card");

        Assert.True(await DoAsync(new ChangeNodes(new RemoveNode(s_record)) { While = new Ceasing(2) }));

        Assert.Null(_store[s_record.ToString()]);
    }

    [Fact]
    public async Task Conditions_are_looked_at_where_they_lie()
    {
        _files.Put("/sys/slots", "0000:03:00.0\n0000:04:00.0\n").Put("/etc/a", "1\n");
        _store.Node(s_record.ToString(), "card").Node("/b/0/mac", "aa").Node("/b/0/state", "4").Node("/b/1/mac", "bb").Domain(4, "web");
        XenStorePath folder = XenStorePath.Parse("/b");
        (HostCondition Condition, bool Holds)[] cases =
        [
            (new PathExists("/sys/slots"), true), (new PathExists("/sys/none"), false),
            (new HasLine("/sys/slots", "0000:04:00.0"), true), (new HasLine("/sys/slots", "0000:04"), false),
            (new HasLine("/sys/none", "x"), false),
            (new FileIs("/etc/a", "1\n"u8.ToArray()), true), (new FileIs("/etc/a", "2\n"u8.ToArray()), false),
            (new FileIs("/etc/a", null), false), (new FileIs("/etc/b", null), true), (new FileIs("/etc/b", []), false),
            (new NodeExists(s_record), true), (new NodeExists(folder / "none"), false),
            (new NodeIs(s_record, "card"), true), (new NodeIs(s_record, "car"), false), (new NodeIs(folder / "none", "card"), false),
            (new ChildNodesAre(folder, ("mac", "aa"), ("state", "4")), true),
            (new ChildNodesAre(folder, ("mac", "bb"), ("state", "4")), false),
            (new ChildNodesAre(folder / "none", ("mac", "aa")), false),
            (new DomainIsKnown(4), true), (new DomainIsKnown(5), false),
        ];

        foreach ((HostCondition condition, bool holds) in cases)
        {
            Assert.True(holds == await _hand.HoldsAsync(condition, default), $"{condition}");
            Assert.True(holds != await _hand.HoldsAsync(!condition, default), $"not {condition}");
            Assert.True(holds == await _hand.HoldsAsync(condition & new PathExists("/sys/slots"), default), $"{condition} and true");
            Assert.False(await _hand.HoldsAsync(condition & new PathExists("/sys/none"), default), $"{condition} and false");
        }
    }

    [Fact]
    public async Task Parts_depend_on_what_is_so_when_their_turn_comes()
    {
        WriteNode first = new(s_record, "1");
        WriteNode second = new(s_record, "2");
        NodeExists isThere = new(s_record);

        await _hand.RunAsync([new When(isThere, new ChangeNodes(first))], default);
        Assert.Null(_store[s_record.ToString()]);
        await _hand.RunAsync([new When(!isThere, new ChangeNodes(first)), new When(isThere, new ChangeNodes(second))], default);
        Assert.Equal("2", _store[s_record.ToString()]);

        await _hand.RunAsync([new Unless("so", (_, _) => Task.FromResult(true), [new ChangeNodes(first)])], default);
        Assert.Equal("2", _store[s_record.ToString()]);
        await _hand.RunAsync([new Unless("so", (_, _) => Task.FromResult(false), [new ChangeNodes(first)])], default);
        Assert.Equal("1", _store[s_record.ToString()]);
    }

    [Fact]
    public async Task An_act_is_proven_by_who_looks_at_its_outcome()
    {
        _files.Put(Attribute, string.Empty).FailWrite(Attribute, Errno.ENODEV);
        XenDriverDomainException cause = new("SomeId", ErrorKind.Device, "it is not there.", "Look.");
        Act<HostFileException?> act = new(
            new WriteAttribute(Attribute, "x"), (refusal, _, _) => refusal is null ? Task.CompletedTask : Task.FromException(cause));

        Assert.Same(cause, await Assert.ThrowsAsync<XenDriverDomainException>(() => _hand.RunAsync([act], default)));
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_so_and_is_an_error_only_where_one_is_named()
    {
        WaitFor wait = new(new NodeIs(s_record, "card"), TimeSpan.FromSeconds(30));
        Task waiting = _hand.RunAsync([wait], default);
        _store.Node(s_record.ToString(), "card");
        await waiting;

        XenDriverDomainException cause = new("SomeId", ErrorKind.Timeout, "it took too long.", "Wait.");
        WaitFor vain = new(new NodeIs(s_record, "other"), TimeSpan.Zero);
        await _hand.RunAsync([vain], default);
        Assert.False(await _hand.WaitAsync(vain, default));
        Assert.Same(
            cause, await Assert.ThrowsAsync<XenDriverDomainException>(() => _hand.RunAsync([vain with { InVain = () => cause }], default)));
        await _hand.RunAsync([wait with { InVain = () => cause }], default);
    }

    private Task<T> DoAsync<T>(HostAct<T> act) => _hand.DoAsync(act, default);

    // Holds as often as it is told, and counts.
    private sealed record Ceasing(int Holds) : HostCondition
    {
        public int Asked { get; private set; }

        public override string ToShell() => "true";

        public override ValueTask<bool> HoldsAsync(Dom0 dom0, IXenStore? transaction, CancellationToken cancellationToken) =>
            ValueTask.FromResult(++Asked <= Holds);
    }
}
