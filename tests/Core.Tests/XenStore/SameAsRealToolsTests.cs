using System.Diagnostics;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Programs;
using XenDriverDomain.Simulation.Programs.XenStoreTools;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>The simulated xenstore-* programs print, complain and end as the real ones do on a real xenstored.</summary>
public sealed class SameAsRealToolsTests(XenStoredDaemons daemons) : IClassFixture<XenStoredDaemons>
{
    private const string Long = "a value that is longer than what fits on a line of eighty columns, and then some more";

    // One after the other on one store: each finds what those before it left.
    private static readonly string[][] s_commands =
    [
        ["write", "/t/a", "1", "/t/b", "two words", "/t/c/d/e", ""],
        ["write", "/t/control", "tab\\tnewline\\nbackslash\\\\octal\\007hex\\xff\\x7fodd\\q\\", "/t/raw", "caf\u00e9"],
        ["write", "-R", "/t/verbatim", "back\\nslash"],
        ["write", "/t/long", Long, "/t/a-name-that-is-so-long-that-it-takes-the-whole-line-together-with-its-value-and-more/x", "y"],
        ["write", "relative/x", "in dom0's home"],
        ["write", "/t/odd"],
        ["write", "/t/first", "1", "/t/bad path", "2"],
        ["read", "/t/a"],
        ["read", "-p", "/t/a", "/t/b", "/t/control", "relative/x", "/local/domain/0/relative/x"],
        ["read", "/t/a", "/t/none", "/t/b"],
        ["read", "-R", "/t/verbatim"],
        ["read", "/t/first"],
        ["read", "/t/bad path"],
        ["read", ""],
        ["read"],
        ["read", "-q", "/t/a"],
        ["read", "--raw", "/t/b"],
        ["read", "--nonsense", "/t/b"],
        ["read", "/t/a", "-p"],
        ["read", "--", "-p"],
        ["read", "-t", "/t/a"],
        ["read", "-h"],
        ["exists", "/t/a"],
        ["exists", "/t/a", "/t/none"],
        ["exists"],
        ["list", "/t"],
        ["list", "-p", "/t", "/t/c"],
        ["list", "/t/none"],
        ["list", "/t/a"],
        ["ls", "/t"],
        ["ls", "-p", "/t"],
        ["ls", "-f", "/t"],
        ["ls", "-fp", "/t"],
        ["ls", "/t", "/t/c"],
        ["ls", "/t/none"],
        ["ls", "/t/bad path"],
        ["ls", "-f"],
        ["chmod", "/t/c", "n0", "r3", "b4"],
        ["chmod", "-r", "/t/c", "r0"],
        ["chmod", "-u", "/t/c/d", "b0", "w2"],
        ["chmod", "/t/none", "r0"],
        ["chmod", "/t/c", "x0"],
        ["chmod", "/t/c"],
        ["chmod", "-u", "relative", "r0"],
        ["ls", "-p", "/"],
        ["rm", "/t/a"],
        ["rm", "/t/a"],
        ["rm", "/t/none/below"],
        ["rm", "/t/b", "/t/none/below", "/t/c"],
        ["rm", "-t", "/t/c/d/e"],
        ["rm", "/"],
        ["rm"],
        ["rm", "-p", "/t"],
        ["ls", "-fp", "/t"],
        ["rm", "/t", "/local"],
        ["ls"],
    ];

    [Theory(Timeout = 120_000)]
    [OnReference(0)]
    public async Task Output_messages_and_exit_codes_are_the_same(int first)
    {
        await daemons.TransportAsync(XenStoredInstallation.C);
        using SimulatedTime time = new();
        ProgramTable simulated = new(time, new NoFaults());
        simulated.Add(XenStorePrograms.Of(new SimulatedXenStore(time, new NoFaults())));
        foreach (string[] command in s_commands.Skip(first))
        {
            string program = "xenstore-" + command[0];
            string[] arguments = command[1..];
            string words = $"{program} '{string.Join("' '", arguments)}'";

            Assert.Equal(
                $"{words}\n{await RunRealAsync("/usr/bin/" + program, arguments)}",
                $"{words}\n{Describe(await simulated.RunAsync(new CommandRequest(program, arguments), CancellationToken.None))}");
        }
    }

    private static string Describe(CommandResult result) => $"{result.ExitCode}\n{result.StandardOutput}\n{result.StandardError}";

    private async Task<string> RunRealAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XENSTORED_PATH"] = daemons.SocketOf(XenStoredInstallation.C);
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Describe(new CommandResult(process.ExitCode, await output, errors));
    }
}
