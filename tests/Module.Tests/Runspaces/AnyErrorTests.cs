using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.ModuleTests.Support;
using XenDriverDomain.Session;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Snapshots;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>
/// No words of .NET reach a user: each exception that a port can throw, and each that it should not, is thrown in the midst of each
/// cmdlet, and comes out as an error with an id of ours.
/// </summary>
public sealed partial class AnyErrorTests
{
    // What the exceptions of .NET say here, so that it is found wherever it comes out.
    private const string Raw = "raw words";

    // The host: netdd serves fe1 with 03:00.0; 07:00.0 is assignable, 08:00.0 is dom0's and can be spared.
    private static readonly string[] s_commandLines =
    [
        "Get-XenDom0",
        "Save-XenDom0 -Path $out",
        "Get-XenPciDevice",
        "Get-XenPciDevice -Address 03:00.0",
        "Get-XenPciAssignable",
        "Get-XenPciAssignable -AtBoot",
        "Add-XenPciAssignable -Address 08:00.0 -Confirm:$false",
        "Add-XenPciAssignable -Address 08:00.0 -AtBoot -Confirm:$false",
        "Remove-XenPciAssignable -Address 07:00.0 -Confirm:$false",
        "Remove-XenPciAssignable -Address 07:00.0 -AtBoot -Confirm:$false",
        "Add-XenPciQuirk -Address 07:00.0 -Register 0x98 -PassThru -Confirm:$false",
        "Get-XenPciQuirk",
        "Get-XenPciQuirk -Address 07:00.0",
        "Get-XenPciPolicy",
        "Set-XenPciPolicy -Rule 'permissive 1912:0014' -PassThru -Confirm:$false",
        "Set-XenPciPolicy -Clear -Confirm:$false",
        "Import-XenPciPolicy -Path /etc/xen/xend-pci-permissive.sxp",
        "Test-XenKernelConfig -Path /boot/config-6.1.0-18-amd64",
        "Test-XenKernelConfig",
        "Test-XenDriverDomainImage -Path /mnt/root",
        "Test-XenDriverDomainImage -Path /srv/dd.img",
        "Initialize-XenDriverDomainImage -Path /mnt/root -Role Network -PassThru -Confirm:$false",
        "Initialize-XenDriverDomainImage -Path /srv/dd.img -Role Network -CopyFromDom0 -PassThru -Confirm:$false",
        "Get-XenDriverDomain",
        "Get-XenDriverDomainImage",
        "New-XenDriverDomainImage -PciDevice 07:00.0 -Confirm:$false",
        "Remove-XenDriverDomainImage -Id 6.1.0-28-amd64-0123456789ab -Confirm:$false",
        "New-XenDriverDomain -Name usbdd -PciDevice 07:00.0 -Memory 384MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz "
            + "-CommandLine 'console=hvc0 role=dd' -Start -Timeout 10 -Confirm:$false",
        "Start-XenDriverDomain -Name netdd -Confirm:$false",
        "Stop-XenDriverDomain -Name netdd -Force -Confirm:$false",
        "Restart-XenDriverDomain -Name netdd -Force -Confirm:$false",
        "Remove-XenDriverDomain -Name netdd -Force -Confirm:$false",
        "Get-XenGuest",
        "Start-XenGuest -Path /root/other.cfg -PassThru -Confirm:$false",
        "Stop-XenGuest -Name fe1 -Force -Confirm:$false",
        "Get-XenGuestVif",
        "Connect-XenGuestVif -Guest fe1 -Backend netdd -Confirm:$false",
        "Disconnect-XenGuestVif -Guest fe1 -Confirm:$false",
        "Get-XenDriverDomainTopology",
        "Export-XenDriverDomainTopology -Path $out -Format Svg",
        "Disconnect-XenDom0 -Confirm:$false",
    ];

    // They use no port of a host's: they read text and files of this machine, or make the ports.
    private static readonly string[] s_without =
    [
        "Connect-XenDom0", "ConvertFrom-XenDomainConfig", "ConvertTo-XenDomainConfig", "Export-XenDomainConfig", "Import-XenDomainConfig",
        "Test-XenDomainConfig",
    ];

    private static readonly Func<Exception>[] s_errors =
    [
        // What a port says it throws.
        () => new HostFileException("read", "/x", Errno.EIO, "Input/output error"),
        () => new HostFileException("write", "/x", Errno.EACCES),
        () => Ours(ErrorIds.ConnectionLost, ErrorKind.Connection),
        () => Ours(ErrorIds.HostCommandTimedOut, ErrorKind.Timeout),
        () => Ours(ErrorIds.HostCommandNotFound, ErrorKind.NotInstalled),
        () => Ours(ErrorIds.HostFileTooLarge, ErrorKind.Protocol),
        () => Ours(ErrorIds.XenStoreUnavailable, ErrorKind.NotInstalled),
        () => Ours(ErrorIds.XenStoreProtocolError, ErrorKind.Protocol),

        // What may come out of one all the same.
        () => new OperationCanceledException(),
        () => new TaskCanceledException(),
        () => new TimeoutException(),
        () => new IOException(Raw),
        () => new EndOfStreamException(),
        () => new SocketException((int)SocketError.ConnectionReset),
        () => new ObjectDisposedException("System.Net.Sockets.Socket"),
        () => new AggregateException(new IOException(Raw)),
        () => new UnauthorizedAccessException(),
        () => new Win32Exception(2),
        () => new InvalidOperationException(),
        () => new NotSupportedException(),
        () => new ArgumentException(Raw),
        () => new ArgumentNullException("path"),
        () => new FormatException(),
        () => new KeyNotFoundException(),
        () => new IndexOutOfRangeException(),
        () => new NullReferenceException(),
    ];

    private static readonly HashSet<string> s_documented =
    [
        .. from declaring in new[] { typeof(ErrorIds), typeof(ModuleErrorIds), typeof(SimulationErrorIds) }
           from field in declaring.GetFields(BindingFlags.Public | BindingFlags.Static)
           select (string)field.GetRawConstantValue()!,
    ];

    [Fact]
    public void Each_cmdlet_of_the_module_is_walked()
    {
        IEnumerable<string> walked = s_commandLines.Select(line => line.Split(' ')[0]).Concat(s_without);
        Assert.Equal(CmdletModel.All.Select(c => c.Name).Order(StringComparer.Ordinal), walked.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whatever_a_port_throws_comes_out_as_an_error_of_ours()
    {
        byte[] recorded = await RecordAsync();
        string folder = Directory.CreateTempSubdirectory("xdd-errors-").FullName;
        try
        {
            using ModuleSession session = new();
            session.Run($"$out = '{folder}/out'").AssertNoErrors();
            List<string> wrong = [];
            int seed = 0;
            foreach (string line in s_commandLines)
            {
                int calls = Try(session, recorded, line, static () => new InvalidOperationException(), int.MaxValue, goesOn: false).Calls;
                Assert.True(calls > 0 || line.StartsWith("Disconnect", StringComparison.Ordinal), $"{line} uses no port.");
                int errors = 0;
                foreach (Func<Exception> error in s_errors)
                {
                    // The first call, or one of the rest, spread so that all of a cmdlet's ways are met over the exceptions.
                    int call = ++seed % 4 == 0 ? 1 : 1 + (seed * 7 % Math.Max(1, calls));
                    (SessionAnswer answer, _) = Try(session, recorded, line, error, call, goesOn: seed % 2 == 0);
                    errors += answer.Errors.Count;
                    wrong.AddRange(answer.Errors.SelectMany(WrongWith)
                        .Concat(answer.Warnings.Concat(answer.Verbose).Where(text => RawWords().IsMatch(text)))
                        .Select(what => $"{line}, {error().GetType().Name} at call {call} of {calls}: {what}"));
                }

                Assert.True(errors > 0 || calls == 0, $"{line}: no error came out.");
            }

            Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_pattern_that_is_none_is_an_error_of_ours()
    {
        using ModuleSession session = new();
        SessionAnswer answer = session.Run("$null = Connect-XenDom0 -Simulated; Get-XenPciDevice -Address '['");
        Assert.Equal([ModuleErrorIds.PatternMalformed], answer.ErrorIds);
        Assert.Empty(answer.Errors.SelectMany(WrongWith));
    }

    [Fact]
    public void A_fault_of_ours_says_where_to_report_it_and_keeps_what_was_thrown()
    {
        using ModuleSession session = new();
        using SimulatedHostInSession host = new(session, SimulatedDom0.Create(), () => new FormatException(), 1, goesOn: false);
        ErrorRecord error = Assert.Single(session.Run("Get-XenGuest -Dom0 throwing").Errors);
        Assert.Equal((ErrorIds.InternalError, ErrorCategory.InvalidResult), (IdOf(error), error.CategoryInfo.Category));
        Assert.Contains("Get-XenGuest failed on throwing", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("report", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.Exception.InnerException);
    }

    [Fact]
    public void A_wait_that_nobody_ended_is_a_time_out()
    {
        using ModuleSession session = new();
        using SimulatedHostInSession host = new(session, SimulatedDom0.Create(), () => new TaskCanceledException(), 1, goesOn: true);
        ErrorRecord error = Assert.Single(session.Run("Get-XenGuest -Dom0 throwing").Errors);
        Assert.Equal((ErrorIds.OperationTimedOut, ErrorCategory.OperationTimeout), (IdOf(error), error.CategoryInfo.Category));
    }

    [Fact]
    public async Task A_host_that_was_left_says_so()
    {
        await using SimulatedDom0 simulated = SimulatedDom0.Create();
        Dom0 dom0 = simulated.CreateDom0();
        await dom0.DisposeAsync();
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => dom0.GetXenStoreAsync(default).AsTask());
        Assert.Equal((ErrorIds.ConnectionLost, ErrorKind.Connection), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void Completers_offer_nothing_when_a_port_throws()
    {
        string[] lines =
        [
            "Get-XenPciDevice -Dom0 throwing -Address 0", "Get-XenGuest -Dom0 throwing -Name ", "Start-XenGuest -Dom0 throwing -Path /",
        ];
        const string Complete =
            "$Error.Clear(); $null = TabExpansion2 -inputScript $args[0] -cursorColumn $args[0].Length; $Error | ForEach-Object ToString";
        using ModuleSession session = new();
        foreach (Func<Exception> error in s_errors)
        {
            using SimulatedHostInSession host = new(session, SimulatedDom0.Create(), error, 1, goesOn: true);
            foreach (string line in lines)
            {
                SessionAnswer answer = session.Run(Complete, line);
                answer.AssertNoErrors();
                Assert.DoesNotContain(answer.Output, text => text is not null && RawWords().IsMatch(text.ToString()));
            }
        }
    }

    private static XenDriverDomainException Ours(string id, ErrorKind kind) => new(id, kind, "It failed.", "Try again.");

    private static string IdOf(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    private static IEnumerable<string> WrongWith(ErrorRecord error)
    {
        if (!s_documented.Contains(IdOf(error)))
        {
            yield return $"no id of ours: {error.FullyQualifiedErrorId}: {error}";
        }

        if (error.CategoryInfo.Category == ErrorCategory.NotSpecified)
        {
            yield return $"no category: {error.FullyQualifiedErrorId}: {error}";
        }

        string?[] texts = [error.ToString(), error.Exception.Message, error.ErrorDetails?.Message, error.ErrorDetails?.RecommendedAction];
        foreach (string? text in texts)
        {
            if (text is not null && RawWords().IsMatch(text))
            {
                yield return $"words of .NET: {text}";
            }
        }
    }

    // A root with Xen's tools, an image of one without, and what dom0 has of them.
    internal static void PutRoots(SimulatedDom0 host)
    {
        string[] xen =
        [
            "usr/sbin/xl", "usr/bin/xenstore-read", "usr/bin/xenstore-write", "etc/xen/scripts/xen-hotplug-common.sh",
            "etc/xen/scripts/vif-bridge", "etc/xen/scripts/block",
        ];
        string[] system =
        [
            "etc/passwd", "usr/bin/bash", "usr/bin/ip", "lib/systemd/systemd", "lib64/ld-linux-x86-64.so.2", "usr/lib64/libc.so.6",
        ];
        foreach (string path in system)
        {
            host.Machine.Files.Put($"/mnt/root/{path}", "\n");
            host.Machine.Files.Put($"/srv/tree/{path}", "\n");
        }

        foreach (string path in xen)
        {
            host.Machine.Files.Put($"/mnt/root/{path}", "\n");
            host.Machine.Files.Put($"/{path}", "needs: /usr/lib64/libc.so.6\nneeds: /usr/lib64/libxenlight.so.4\n");
        }

        host.Machine.Files.Put("/usr/lib64/libxenlight.so.4", "\n");
        host.Machine.Files.Put("/usr/lib64/libc.so.6", "\n");
        host.Machine.Files.Put("/srv/dd.img", "tree: /srv/tree\n");
    }

    private static (SessionAnswer Answer, int Calls) Try(
        ModuleSession session, byte[] recorded, string line, Func<Exception> error, int call, bool goesOn)
    {
        using MemoryStream stream = new(recorded);
        SimulatedDom0 simulated = SimulatedDom0.Create(SnapshotHost.Options(HostSnapshot.Read(stream)));
        PutRoots(simulated);
        using SimulatedHostInSession host = new(session, simulated, error, call, goesOn);
        return (session.Run($"{line} -Dom0 throwing -Verbose"), host.Ports.Calls);
    }

    private static async Task<byte[]> RecordAsync()
    {
        using ModuleSession session = new();
        string file = Path.GetTempFileName();
        try
        {
            session.Run(
                """
                $ErrorActionPreference = 'Stop'
                $WarningPreference = 'SilentlyContinue'
                $simulated = (Connect-XenDom0 -Simulated).Simulation
                $simulated.WriteFile('/root/other.cfg', "name = 'other'`nkernel = '/root/vmlinuz'`nmemory = 128`n")
                $simulated.WriteFile('/etc/xen/xend-pci-permissive.sxp', "(unconstrained_dev_ids`n  ('1912:0014'))`n")
                Add-XenPciAssignable -Address 03:00.0, 07:00.0 -Confirm:$false
                $null = New-XenDriverDomain -Name netdd -PciDevice 03:00.0 -Memory 384MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz `
                    -CommandLine 'console=hvc0 role=dd' -Bridge xenbr0 -Start -Confirm:$false
                $null = Start-XenGuest -Path /root/client.cfg -Confirm:$false
                Connect-XenGuestVif -Guest fe1 -Backend netdd -Confirm:$false
                $null = Save-XenDom0 -Path $args[0]
                """,
                file).AssertNoErrors();
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(
        @"raw words|\bSystem\.|[A-Z][a-z]+Exception|[Tt]ask was cancell?ed|operation was cancell?ed|operation has timed out|"
        + @"Object reference|disposed|Value cannot be null|not in the correct format|outside the bounds|given key|"
        + @"past the end of the stream|Specified method|state of the object|unauthorized operation|One or more errors|was thrown")]
    private static partial Regex RawWords();

    /// <summary>A simulated host with throwing ports among a session's connections, under the name "throwing".</summary>
    private sealed class SimulatedHostInSession : IDisposable
    {
        private readonly Connections _connections;
        private readonly HostSession _session;
        private readonly SimulatedDom0 _host;

        public SimulatedHostInSession(ModuleSession session, SimulatedDom0 host, Func<Exception> error, int call, bool goesOn)
        {
            _host = host;
            Ports = new ThrowingPorts(host.CreateDom0(), error, call, goesOn);
            _session = HostSession.Of(Ports.CreateDom0("throwing"));
            _connections = Connections.Of((Runspace)session.Run("[runspace]::DefaultRunspace").Output[0]!.BaseObject);
            _connections.Add(_session, makeDefault: true, mayBecomeDefault: true);
        }

        public ThrowingPorts Ports { get; }

        public void Dispose()
        {
            _connections.Remove(_session);
            _host.Time.Dispose();
        }
    }
}
