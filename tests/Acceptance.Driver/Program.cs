using System.Globalization;
using XenDriverDomain.AcceptanceDriver;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Hosts;

// The acceptance suite's main steps without PowerShell, for machines that lack it: the same services, the same host.
// usage: Acceptance.Driver --host HOST --port PORT --key FILE   (or nothing, on dom0 itself)
Dictionary<string, string> arguments = new(StringComparer.Ordinal);
for (int i = 0; i + 1 < args.Length; i += 2)
{
    arguments[args[i]] = args[i + 1];
}

await using HostSession host = arguments.TryGetValue("--host", out string? name)
    ? await HostSession.ConnectAsync(
        new SshOptions
        {
            HostName = name,
            Port = int.Parse(arguments["--port"], CultureInfo.InvariantCulture),
            UserName = "root",
            KeyFilePath = arguments["--key"],
            Options = new Dictionary<string, string>
            {
                ["StrictHostKeyChecking"] = "no",
                ["UserKnownHostsFile"] = "/dev/null",
                ["LogLevel"] = "ERROR",
            },
            ConnectTimeout = TimeSpan.FromSeconds(60),
        },
        TimeProvider.System,
        CancellationToken.None)
    : HostSession.Local(TimeProvider.System);

MainJob job = new(host);
await job.RunAsync();
Console.WriteLine($"{job.Passed} passed, {job.Failed} failed, 0 skipped");
return job.Failed == 0 ? 0 : 1;
