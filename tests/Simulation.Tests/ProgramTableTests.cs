using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Programs;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Tests;

public sealed class ProgramTableTests : IDisposable
{
    private readonly SimulatedTime _time = new();

    public void Dispose() => _time.Dispose();

    [Theory]
    [InlineData("xl")]
    [InlineData("/usr/sbin/xl")]
    [InlineData("/sbin/xl")]
    public async Task A_program_is_found_by_name_and_by_path(string program)
    {
        CommandResult result = await TableOf(new Program((_, _) => Task.FromResult(new CommandResult(3, "out", "err"))))
            .RunAsync(new CommandRequest(program, []), CancellationToken.None);

        Assert.Equal(new CommandResult(3, "out", "err"), result);
    }

    [Theory]
    [InlineData("xm")]
    [InlineData("/usr/bin/xl")]
    public async Task What_is_not_installed_is_an_error_that_names_it(string program)
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(async () =>
            await TableOf(new Program((_, _) => Task.FromResult(new CommandResult(0, "", ""))))
                .RunAsync(new CommandRequest(program, []), CancellationToken.None));

        Assert.Equal(ErrorIds.HostCommandNotFound, error.ErrorId);
        Assert.Contains(program, error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_sleeps_on_the_simulated_clock()
    {
        TimeSpan before = _time.Elapsed;
        CommandResult result = await TableOf(new Program(async (run, token) =>
        {
            await run.DelayAsync(TimeSpan.FromSeconds(100), token);
            return new CommandResult(0, Encoding.UTF8.GetString(run.StandardInput.Span) + run.Arguments[0], "");
        })).RunAsync(new CommandRequest("xl", ["more"]) { StandardInput = "input "u8.ToArray() }, CancellationToken.None);

        Assert.Equal("input more", result.StandardOutput);
        Assert.True(_time.Elapsed - before >= TimeSpan.FromSeconds(100));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_does_not_end_is_killed_after_its_time()
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(async () =>
            await TableOf(new Program(async (run, token) =>
            {
                await run.DelayAsync(TimeSpan.FromDays(1), token);
                return new CommandResult(0, "", "");
            })).RunAsync(new CommandRequest("xl", []), CancellationToken.None));

        Assert.Equal(ErrorIds.HostCommandTimedOut, error.ErrorId);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_program_is_a_cancellation()
    {
        using CancellationTokenSource source = new();
        ValueTask<CommandResult> run = TableOf(new Program(async (run, token) =>
        {
            await source.CancelAsync();
            await run.DelayAsync(TimeSpan.FromDays(1), token);
            return new CommandResult(0, "", "");
        })).RunAsync(new CommandRequest("xl", []), source.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await run);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_can_let_a_program_do_its_work_before_it_fails(bool afterWork)
    {
        bool worked = false;
        Fault fault = new(new ProgramFault(new CommandResult(1, "", "died"), afterWork));
        CommandResult result = await TableOf(
            new Program((_, _) =>
            {
                worked = true;
                return Task.FromResult(new CommandResult(0, "done", ""));
            }),
            fault).RunAsync(new CommandRequest("/usr/sbin/xl", ["create", "x"]), CancellationToken.None);

        Assert.Equal(new CommandResult(1, "", "died"), result);
        Assert.Equal(afterWork, worked);
        Assert.Equal("xl create x", fault.Asked);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_fault_can_hang_a_program_until_it_is_killed()
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(async () =>
            await TableOf(
                new Program((_, _) => Task.FromResult(new CommandResult(0, "", ""))), new Fault(new ProgramFault(null, AfterWork: false)))
                .RunAsync(new CommandRequest("xl", []) { Timeout = TimeSpan.FromHours(1) }, CancellationToken.None));

        Assert.Equal(ErrorIds.HostCommandTimedOut, error.ErrorId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Output_beyond_the_limit_is_cut_and_marked()
    {
        CommandResult result = await TableOf(new Program((_, _) => Task.FromResult(new CommandResult(0, new string('x', 100), "short"))))
            .RunAsync(new CommandRequest("xl", []) { OutputLimit = 10 }, CancellationToken.None);

        Assert.Equal(new CommandResult(0, new string('x', 10), "short") { Truncated = true }, result);
    }

    private ProgramTable TableOf(ISimulatedProgram program, IFaults? faults = null)
    {
        ProgramTable table = new(_time, faults ?? new NoFaults());
        table.Add(program);
        return table;
    }

    private sealed class Program(Func<ProgramRun, CancellationToken, Task<CommandResult>> body) : ISimulatedProgram
    {
        public string Path => "/usr/sbin/xl";

        public async ValueTask<CommandResult> RunAsync(ProgramRun run, CancellationToken cancellationToken) =>
            await body(run, cancellationToken);
    }

    private sealed class Fault(ProgramFault fault) : IFaults
    {
        public string? Asked { get; private set; }

        public Errno? OnWrite(string path) => null;

        public ProgramFault? OnRun(string program, IReadOnlyList<string> arguments)
        {
            Asked = $"{program} {string.Join(' ', arguments)}";
            return fault;
        }

        public bool OnStoreRequest() => false;
    }
}
