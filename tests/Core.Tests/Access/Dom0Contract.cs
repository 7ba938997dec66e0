using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Access;

/// <summary>What every way to a dom0 on this machine must do alike, with its files and with programs.</summary>
public abstract class Dom0Contract : FilesContract, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private protected abstract IDom0Commands Commands { get; }

    protected override IFileStage Stage { get; } = new DiskStage();

    protected override string Root { get; } = Directory.CreateTempSubdirectory("xdd-contract-").FullName;

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_program_gets_every_argument_as_it_is()
    {
        string[] arguments =
        [
            .. Enumerable.Range(1, 255).Select(i => ((char)i).ToString()),
            new string([.. Enumerable.Range(1, 255).Select(i => (char)i)]),
            "", " ", "-n", "$(id)", "`id`", "a'b", "''", "\\", "\n", "two\nlines\n", "trailing \\", "\u20ac\U0001F600", "*",
        ];

        CommandResult result = await Commands.RunAsync(new CommandRequest("printf", ["%s\\0", .. arguments]), default);

        Assert.Equal(arguments, result.StandardOutput.Split('\0')[..^1]);
        Assert.Equal("", result.StandardError);
    }

    [Fact]
    public async Task Exit_code_and_both_outputs_come_back()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", "echo out; echo err >&2; exit 7"]), default);

        Assert.Equal(new CommandResult(7, "out\n", "err\n"), result);
    }

    [Fact]
    public async Task A_program_ended_by_a_signal_has_128_and_its_number()
    {
        CommandResult result = await Commands.RunAsync(new CommandRequest("sh", ["-c", "kill -TERM $$"]), default);

        Assert.Equal(128 + 15, result.ExitCode);
    }

    [Fact]
    public async Task Programs_speak_english()
    {
        CommandResult result = await Commands.RunAsync(new CommandRequest("sh", ["-c", "echo $LC_ALL"]), default);

        Assert.Equal("C\n", result.StandardOutput);
    }

    [Fact]
    public async Task Standard_input_is_passed_on_and_ends()
    {
        byte[] input = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)('a' + (i % 26)))];

        CommandResult result = await Commands.RunAsync(new CommandRequest("cat", []) { StandardInput = input }, default);
        CommandResult nothing = await Commands.RunAsync(new CommandRequest("cat", []), default);

        Assert.Equal(Encoding.ASCII.GetString(input), result.StandardOutput);
        Assert.Equal("", nothing.StandardOutput);
    }

    [Fact]
    public async Task A_program_need_not_read_its_input()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("echo", ["done"]) { StandardInput = new byte[1_000_000] }, default);

        Assert.Equal("done\n", result.StandardOutput);
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_dropped_and_marked()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", "head -c 3000000 /dev/zero; echo err >&2"]) { OutputLimit = 1000 }, default);

        Assert.Equal(0, result.ExitCode);
        Assert.True(result.Truncated);
        Assert.Equal(1000, result.StandardOutput.Length);
        Assert.Equal("err\n", result.StandardError);
    }

    [Fact]
    public async Task Large_outputs_on_both_streams_do_not_block_each_other()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", "head -c 2000000 /dev/zero >&2; head -c 2000000 /dev/zero"]), default);

        Assert.Equal((2_000_000, 2_000_000), (result.StandardOutput.Length, result.StandardError.Length));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        foreach (string program in new[] { "xl-that-nobody-has", "/nowhere/xl", "/etc/passwd" })
        {
            var error = await Assert.ThrowsAsync<XenDriverDomainException>(
                async () => await Commands.RunAsync(new CommandRequest(program, []), default));

            Assert.Equal((ErrorIds.HostCommandNotFound, program), (error.ErrorId, error.Target));
        }
    }

    [Fact]
    public async Task A_daemon_that_keeps_the_outputs_neither_holds_the_call_nor_prints_into_the_next()
    {
        MakeFifo($"{Root}/word");
        MakeFifo($"{Root}/done");
        string daemon = $"trap : PIPE; read x <{Root}/word; echo later; echo later >&2; echo >{Root}/done";

        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"setsid sh -c '{daemon}' & echo started"]), default).AsTask().WaitAsync(s_patience);
        Assert.Equal(new CommandResult(0, "started\n", ""), result);

        // While this one runs, the daemon prints.
        CommandResult next = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"echo go >{Root}/word; read x <{Root}/done; echo next"]),
            default).AsTask().WaitAsync(s_patience);
        Assert.Equal(new CommandResult(0, "next\n", ""), next);
    }

    [Fact]
    public async Task Every_byte_of_the_input_arrives()
    {
        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await Commands.RunAsync(new CommandRequest("dd", [$"of={Root}/copy"]) { StandardInput = every }, default);

        Assert.Equal(every, File.ReadAllBytes($"{Root}/copy"));
    }

    [Fact]
    public async Task A_time_out_kills_the_whole_tree()
    {
        Task ended = StartTree(out CommandRequest request, out Task started);

        var error = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await Commands.RunAsync(request with { Timeout = TimeSpan.FromSeconds(2) }, default));

        Assert.Equal(ErrorIds.HostCommandTimedOut, error.ErrorId);
        await started.WaitAsync(s_patience);
        await ended.WaitAsync(s_patience);
    }

    [Fact]
    public Task A_cancellation_kills_the_whole_tree() => CancelTreeAsync(onlyLooks: false);

    [Fact]
    public Task The_cancellation_of_a_look_kills_the_whole_tree_as_well() => CancelTreeAsync(onlyLooks: true);

    private async Task CancelTreeAsync(bool onlyLooks)
    {
        Task ended = StartTree(out CommandRequest request, out Task started);
        using var cancellation = new CancellationTokenSource();
        Task<CommandResult> running = Commands.RunAsync(request with { OnlyLooks = onlyLooks }, cancellation.Token).AsTask();
        await started.WaitAsync(s_patience);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(s_patience));
        await ended.WaitAsync(s_patience);
        CommandResult next = await Commands.RunAsync(new CommandRequest("echo", ["next"]), default);
        Assert.Equal("next\n", next.StandardOutput);
    }

    [Fact]
    public async Task Many_calls_at_once_do_not_mix()
    {
        int[] numbers = [.. Enumerable.Range(0, 20)];

        CommandResult[] results = await Task.WhenAll(
            numbers.Select(i => Commands.RunAsync(new CommandRequest("sh", ["-c", $"echo {i}; echo {i} >&2"]), default).AsTask()));

        Assert.Equal(numbers.Select(i => new CommandResult(0, $"{i}\n", $"{i}\n")), results);
    }

    private static void MakeFifo(string path)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("mkfifo", [path]);
        process.WaitForExit();
    }

    /// <summary>
    /// A shell with a child, both of which hold a FIFO open: <paramref name="started"/> ends when they run, the returned task
    /// when the last of them is gone.
    /// </summary>
    private Task StartTree(out CommandRequest request, out Task started)
    {
        string fifo = $"{Root}/tree";
        MakeFifo(fifo);
        var running = new TaskCompletionSource();
        started = running.Task;
        request = new CommandRequest("sh", ["-c", $"exec 9>{fifo}; sleep 1000 & echo x >&9; wait"]);
        var ended = new TaskCompletionSource();
        new Thread(() =>
        {
            using FileStream stream = File.OpenRead(fifo);
            Span<byte> one = stackalloc byte[2];
            stream.ReadExactly(one);
            running.SetResult();
            _ = stream.ReadByte();
            ended.SetResult();
        })
        { IsBackground = true }.Start();
        return ended.Task;
    }
}
