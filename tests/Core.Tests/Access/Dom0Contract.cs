using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Access;

/// <summary>What every way to a dom0 on this machine must do alike.</summary>
public abstract class Dom0Contract : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected abstract IDom0Files Files { get; }

    protected abstract IDom0Commands Commands { get; }

    protected string Root { get; } = Directory.CreateTempSubdirectory("xdd-contract-").FullName;

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    [ContractFact]
    public async Task A_file_is_read_byte_for_byte()
    {
        byte[] content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        File.WriteAllBytes($"{Root}/data", content);

        Assert.Equal(content, await Files.ReadAsync($"{Root}/data", content.Length, default));
    }

    [ContractFact]
    public async Task A_file_larger_than_the_limit_is_refused_and_not_cut()
    {
        File.WriteAllBytes($"{Root}/data", new byte[100_001]);

        var error = await Assert.ThrowsAsync<XenDriverDomainException>(async () => await Files.ReadAsync($"{Root}/data", 100_000, default));

        Assert.Equal(ErrorIds.HostFileTooLarge, error.ErrorId);
        await Assert.ThrowsAsync<XenDriverDomainException>(async () => await Files.ReadAsync("/dev/zero", 100_000, default));
    }

    [ContractFact]
    public async Task The_kernels_error_of_a_read_comes_back()
    {
        File.WriteAllText($"{Root}/file", "");

        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.ReadAsync($"{Root}/none", 10, default).AsTask()));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.ReadAsync(Root, 10, default).AsTask()));
        Assert.Equal(Errno.ENOTDIR, await ErrnoOf(() => Files.ReadAsync($"{Root}/file/below", 10, default).AsTask()));
    }

    [ContractFact]
    public async Task The_kernels_error_of_a_write_comes_back()
    {
        Assert.Equal(Errno.ENOSPC, await ErrnoOf(() => Files.WriteOnceAsync("/dev/full", "0000:00:10.0\n"u8.ToArray(), default).AsTask()));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.WriteOnceAsync($"{Root}/none", "1\n"u8.ToArray(), default).AsTask()));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.WriteOnceAsync(Root, "1\n"u8.ToArray(), default).AsTask()));
        Assert.False(File.Exists($"{Root}/none"));
    }

    [ContractFact]
    public async Task A_store_writes_all_bytes_at_the_start_of_the_file()
    {
        byte[] every = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        File.WriteAllText($"{Root}/attribute", "");

        await Files.WriteOnceAsync($"{Root}/attribute", every, default);

        Assert.Equal(every, File.ReadAllBytes($"{Root}/attribute"));
    }

    [ContractFact]
    public async Task Replacing_keeps_mode_and_links_and_leaves_nothing_beside()
    {
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        File.WriteAllBytes($"{Root}/old.cfg", new byte[300_000]);
        File.SetUnixFileMode($"{Root}/old.cfg", UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        File.CreateSymbolicLink($"{Root}/link.cfg", "old.cfg");

        await Files.ReplaceAsync($"{Root}/link.cfg", content, default);
        await Files.ReplaceAsync($"{Root}/new.cfg", Array.Empty<byte>(), default);

        Assert.Equal(content, File.ReadAllBytes($"{Root}/old.cfg"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupWrite, File.GetUnixFileMode($"{Root}/old.cfg"));
        Assert.Equal("old.cfg", new FileInfo($"{Root}/link.cfg").LinkTarget);
        Assert.Equal("-rw-r--r--", Mode($"{Root}/new.cfg"));
        Assert.Equal(3, Directory.GetFileSystemEntries(Root).Length);
    }

    [ContractFact]
    public async Task What_cannot_be_replaced_is_an_error_and_stays()
    {
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.ReplaceAsync(Root, new byte[1], default).AsTask()));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.ReplaceAsync($"{Root}/none/file", new byte[1], default).AsTask()));
        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    [ContractFact]
    public async Task Deleting_and_making_directories_can_be_repeated()
    {
        await Files.CreateDirectoryAsync($"{Root}/a/b c/d", default);
        await Files.CreateDirectoryAsync($"{Root}/a/b c/d", default);
        File.WriteAllText($"{Root}/a/file", "");
        await Files.DeleteAsync($"{Root}/a/file", default);
        await Files.DeleteAsync($"{Root}/a/file", default);

        Assert.Equal(["b c"], await Files.ListAsync($"{Root}/a", default));
        Assert.Equal(Errno.EISDIR, await ErrnoOf(() => Files.DeleteAsync($"{Root}/a", default).AsTask()));
        File.WriteAllText($"{Root}/plain", "");
        Assert.Equal(Errno.EEXIST, await ErrnoOf(() => Files.CreateDirectoryAsync($"{Root}/plain", default).AsTask()));
    }

    [ContractFact]
    public async Task A_directory_is_listed_in_ordinal_order_with_every_sort_of_name()
    {
        string[] names = [" leading", "*", "-dash", ".hidden", "..two", "a'b\"c", "b\nc", "ü", "z\\n$HOME`id`"];
        foreach (string name in names)
        {
            File.WriteAllText($"{Root}/{name}", "");
        }

        File.CreateSymbolicLink($"{Root}/dangling", "nowhere");

        Assert.Equal(names.Append("dangling").Order(StringComparer.Ordinal), await Files.ListAsync(Root, default));
        Assert.Empty(await Files.ListAsync(Directory.CreateDirectory($"{Root}/sub/empty").FullName, default));
        Assert.Equal(Errno.ENOENT, await ErrnoOf(() => Files.ListAsync($"{Root}/none", default).AsTask()));
        Assert.Equal(Errno.ENOTDIR, await ErrnoOf(() => Files.ListAsync($"{Root}/*", default).AsTask()));
    }

    [ContractFact]
    public async Task Links_are_resolved_and_kinds_told()
    {
        Directory.CreateDirectory($"{Root}/real dir");
        File.WriteAllText($"{Root}/real dir/file", "");
        File.CreateSymbolicLink($"{Root}/link", "real dir");
        File.CreateSymbolicLink($"{Root}/dangling", "nowhere");

        Assert.Equal($"{Root}/real dir/file", await Files.ResolveAsync($"{Root}/link/file", default));
        Assert.Null(await Files.ResolveAsync($"{Root}/dangling", default));
        Assert.Equal(HostFileKind.Directory, await Files.GetKindAsync($"{Root}/link", default));
        Assert.Equal(HostFileKind.File, await Files.GetKindAsync($"{Root}/link/file", default));
        Assert.Equal(HostFileKind.None, await Files.GetKindAsync($"{Root}/dangling", default));
        Assert.Equal(HostFileKind.None, await Files.GetKindAsync($"{Root}/link/file/below", default));
        Assert.Equal(HostFileKind.Other, await Files.GetKindAsync("/dev/null", default));
    }

    [ContractFact]
    public async Task One_query_reads_files_links_and_names()
    {
        foreach (string device in new[] { "0000:00:10.0", "0000:00:11.0", ".hidden", "a b'c:1:\u00fc" })
        {
            Directory.CreateDirectory($"{Root}/devices/{device}/net/eth0");
            File.WriteAllText($"{Root}/devices/{device}/vendor", "0x8086\n");
            File.WriteAllText($"{Root}/devices/{device}/resource", "0x1 0x2\n0x3 0x4\n\n");
            File.CreateSymbolicLink($"{Root}/devices/{device}/driver", "../../drivers/e1000e");
        }

        File.WriteAllText($"{Root}/devices/0000:00:10.0/override", "");
        File.WriteAllBytes($"{Root}/devices/0000:00:11.0/override", [.. "no newline "u8, 0xFC]);
        Directory.CreateDirectory($"{Root}/devices/a b'c:1:\u00fc/override");
        File.WriteAllText($"{Root}/devices/0000:00:10.0/long", new string('x', 5000));

        BulkAnswer answer = await Files.ReadManyAsync(
            new BulkQuery(
                [$"{Root}/devices/*/vendor", $"{Root}/devices/0000:00:10.0/vendor", $"{Root}/devices/*:00:1*.0/resource",
                    $"{Root}/devices/*/override", $"{Root}/devices/*/long", $"{Root}/devices/*/absent", $"{Root}/none"],
                [$"{Root}/devices/*/driver", $"{Root}/devices/*/vendor"],
                [$"{Root}/devices/*/net/*", $"{Root}/devices/0000:00:10.0/driver", $"{Root}/devices/*/absent", $"{Root}/none"]),
            default);

        string[] seen = ["0000:00:10.0", "0000:00:11.0", "a b'c:1:\u00fc"];
        Dictionary<string, string> files = seen.ToDictionary(device => $"{Root}/devices/{device}/vendor", _ => "0x8086");
        files[$"{Root}/devices/0000:00:10.0/resource"] = "0x1 0x2\n0x3 0x4\n";
        files[$"{Root}/devices/0000:00:11.0/resource"] = "0x1 0x2\n0x3 0x4\n";
        files[$"{Root}/devices/0000:00:10.0/override"] = "";
        files[$"{Root}/devices/0000:00:11.0/override"] = "no newline \u00fc";
        files[$"{Root}/devices/0000:00:10.0/long"] = new string('x', BulkQuery.FileLimit);
        Assert.Equal(files.OrderBy(pair => pair.Key), answer.Files.OrderBy(pair => pair.Key));
        Assert.Equal(seen.Select(device => $"{Root}/devices/{device}/driver").Order(), answer.Links.Keys.Order());
        Assert.All(answer.Links.Values, target => Assert.Equal("../../drivers/e1000e", target));
        Assert.Equal(
            seen.Select(device => $"{Root}/devices/{device}/net/eth0").Append($"{Root}/devices/0000:00:10.0/driver").Order(),
            answer.Names.Order());
    }

    [ContractFact]
    public async Task Thousands_of_files_are_one_query()
    {
        for (int i = 0; i < 1000; i++)
        {
            Directory.CreateDirectory($"{Root}/with a rather long name/device {i}");
            File.WriteAllText($"{Root}/with a rather long name/device {i}/number", i.ToString(CultureInfo.InvariantCulture));
        }

        BulkAnswer answer = await Files.ReadManyAsync(new BulkQuery([$"{Root}/*/*/number"], [], []), default);

        Assert.Equal(1000, answer.Files.Count);
        Assert.Equal("999", answer.Files[$"{Root}/with a rather long name/device 999/number"]);
    }

    [ContractFact]
    public async Task Bulk_reads_refuse_what_touches_the_hardware()
    {
        foreach (string name in new[] { "rom", "vpd", "config", "resource0", "resource0_wc", "*", "res*" })
        {
            var query = new BulkQuery([$"/sys/bus/pci/devices/*/{name}"], [], []);
            await Assert.ThrowsAsync<ArgumentException>(async () => await Files.ReadManyAsync(query, default));
        }
    }

    [ContractFact]
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

    [ContractFact]
    public async Task Exit_code_and_both_outputs_come_back()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", "echo out; echo err >&2; exit 7"]), default);

        Assert.Equal(new CommandResult(7, "out\n", "err\n"), result);
    }

    [ContractFact]
    public async Task A_program_ended_by_a_signal_has_128_and_its_number()
    {
        CommandResult result = await Commands.RunAsync(new CommandRequest("sh", ["-c", "kill -TERM $$"]), default);

        Assert.Equal(128 + 15, result.ExitCode);
    }

    [ContractFact]
    public async Task Programs_speak_english()
    {
        CommandResult result = await Commands.RunAsync(new CommandRequest("sh", ["-c", "echo $LC_ALL"]), default);

        Assert.Equal("C\n", result.StandardOutput);
    }

    [ContractFact]
    public async Task Standard_input_is_passed_on_and_ends()
    {
        byte[] input = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)('a' + (i % 26)))];

        CommandResult result = await Commands.RunAsync(new CommandRequest("cat", []) { StandardInput = input }, default);
        CommandResult nothing = await Commands.RunAsync(new CommandRequest("cat", []), default);

        Assert.Equal(Encoding.ASCII.GetString(input), result.StandardOutput);
        Assert.Equal("", nothing.StandardOutput);
    }

    [ContractFact]
    public async Task A_program_need_not_read_its_input()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("echo", ["done"]) { StandardInput = new byte[1_000_000] }, default);

        Assert.Equal("done\n", result.StandardOutput);
    }

    [ContractFact]
    public async Task Output_beyond_the_limit_is_dropped_and_marked()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", "head -c 3000000 /dev/zero; echo err >&2"]) { OutputLimit = 1000 }, default);

        Assert.Equal(0, result.ExitCode);
        Assert.True(result.Truncated);
        Assert.Equal(1000, result.StandardOutput.Length);
        Assert.Equal("err\n", result.StandardError);
    }

    [ContractFact]
    public async Task Large_outputs_on_both_streams_do_not_block_each_other()
    {
        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", "head -c 2000000 /dev/zero >&2; head -c 2000000 /dev/zero"]), default);

        Assert.Equal((2_000_000, 2_000_000), (result.StandardOutput.Length, result.StandardError.Length));
    }

    [ContractFact]
    public async Task A_program_that_is_not_there_is_named()
    {
        foreach (string program in new[] { "xl-that-nobody-has", "/nowhere/xl", "/etc/passwd" })
        {
            var error = await Assert.ThrowsAsync<XenDriverDomainException>(
                async () => await Commands.RunAsync(new CommandRequest(program, []), default));

            Assert.Equal((ErrorIds.HostCommandNotFound, program), (error.ErrorId, error.Target));
        }
    }

    [ContractFact]
    public async Task A_daemon_that_keeps_the_outputs_neither_holds_the_call_nor_prints_into_the_next()
    {
        MakeFifo($"{Root}/word");
        MakeFifo($"{Root}/done");
        string daemon = $"trap : PIPE; read x <{Root}/word; echo later; echo later >&2; echo >{Root}/done";

        CommandResult result = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"setsid sh -c '{daemon}' & echo started"]), default).AsTask().WaitAsync(Patience);
        Assert.Equal(new CommandResult(0, "started\n", ""), result);

        // While this one runs, the daemon prints.
        CommandResult next = await Commands.RunAsync(
            new CommandRequest("sh", ["-c", $"echo go >{Root}/word; read x <{Root}/done; echo next"]), default).AsTask().WaitAsync(Patience);
        Assert.Equal(new CommandResult(0, "next\n", ""), next);
    }

    [ContractFact]
    public async Task Every_byte_of_the_input_arrives()
    {
        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await Commands.RunAsync(new CommandRequest("dd", [$"of={Root}/copy"]) { StandardInput = every }, default);

        Assert.Equal(every, File.ReadAllBytes($"{Root}/copy"));
    }

    [ContractFact]
    public async Task A_time_out_kills_the_whole_tree()
    {
        Task ended = StartTree(out CommandRequest request, out Task started);

        var error = await Assert.ThrowsAsync<XenDriverDomainException>(
            async () => await Commands.RunAsync(request with { Timeout = TimeSpan.FromSeconds(2) }, default));

        Assert.Equal(ErrorIds.HostCommandTimedOut, error.ErrorId);
        await started.WaitAsync(Patience);
        await ended.WaitAsync(Patience);
    }

    [ContractFact]
    public async Task A_cancellation_kills_the_whole_tree()
    {
        Task ended = StartTree(out CommandRequest request, out Task started);
        using var cancellation = new CancellationTokenSource();
        Task<CommandResult> running = Commands.RunAsync(request, cancellation.Token).AsTask();
        await started.WaitAsync(Patience);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        await ended.WaitAsync(Patience);
        CommandResult next = await Commands.RunAsync(new CommandRequest("echo", ["next"]), default);
        Assert.Equal("next\n", next.StandardOutput);
    }

    [ContractFact]
    public async Task Many_calls_at_once_do_not_mix()
    {
        int[] numbers = [.. Enumerable.Range(0, 20)];

        CommandResult[] results = await Task.WhenAll(
            numbers.Select(i => Commands.RunAsync(new CommandRequest("sh", ["-c", $"echo {i}; echo {i} >&2"]), default).AsTask()));

        Assert.Equal(numbers.Select(i => new CommandResult(0, $"{i}\n", $"{i}\n")), results);
    }

    private static string Mode(string path) => File.GetUnixFileMode(path) ==
        (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead) ? "-rw-r--r--" : "other";

    private static async Task<Errno> ErrnoOf(Func<Task> action) => (await Assert.ThrowsAsync<HostFileException>(action)).Errno;

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
