using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>What Ctrl+C in the middle of a change leaves, and says although the pipeline takes nothing any more.</summary>
public class StoppedTests
{
    [Fact]
    public async Task A_change_that_is_stopped_is_undone_and_says_so()
    {
        RecordingHost host = new();
        Assert.Equal("Host e1000e", await StopAsync(host, "xl:pci-assignable-add:hang"));

        Assert.Equal(
            [
                "Make 0000:00:10.0 assignable: stopped at the step \"Let Xen put 0000:00:10.0 into quarantine\". "
                    + "What had been done is undone now.",
                "Make 0000:00:10.0 assignable: undone.",
            ],
            host.Lines.Select(line => line.Split(" Now:")[0]));
    }

    [Fact]
    public async Task What_could_not_be_undone_is_named_as_an_error()
    {
        RecordingHost host = new();
        await StopAsync(host, "xl:pci-assignable-add:hang", "write:/sys/bus/pci/drivers/pciback/unbind:EIO");

        Assert.Contains(host.Lines, line => line.Contains("it was stopped. NOT undone: ", StringComparison.Ordinal)
            && line.Contains("run the same command again", StringComparison.Ordinal));
    }

    // A window that is closed, or another machine's: the undo comes to its end all the same.
    [Fact]
    public async Task A_host_that_takes_no_words_keeps_nothing_from_being_undone()
    {
        RecordingHost host = new() { Fails = true };

        Assert.Equal("Host e1000e", await StopAsync(host, "xl:pci-assignable-add:hang"));
    }

    private static async Task<string> StopAsync(RecordingHost host, params string[] faults)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault());
        runspace.Open();
        Run(runspace, $"Set-Location -LiteralPath '{Repository.Root}'; Import-Module ./XenDriverDomain.psd1");

        // xl waits for a lock that somebody has.
        Run(runspace, $"$null = Connect-XenDom0 -Simulated -Machine lab -Fault '{string.Join("', '", faults)}'");
        using (PowerShell shell = PowerShell.Create(runspace))
        {
            shell.Streams.Verbose.DataAdded += (_, e) =>
            {
                if (shell.Streams.Verbose[e.Index].Message.StartsWith("Let Xen put 0000:00:10.0", StringComparison.Ordinal))
                {
                    _ = Task.Run(shell.Stop);
                }
            };
            await Assert.ThrowsAnyAsync<PipelineStoppedException>(
                () => shell.AddScript("Add-XenPciAssignable 00:10.0 -Verbose").InvokeAsync());
        }

        string state = Run(runspace, "$d = Get-XenPciDevice 00:10.0; \"$($d.State) $($d.Driver)\"").Single();
        Run(runspace, "Remove-Module XenDriverDomain");
        return state;
    }

    private static IReadOnlyList<string> Run(Runspace runspace, string script)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        return [.. shell.AddScript(script).Invoke().Select(one => one.ToString())];
    }

    // Keeps what is said to the host itself.
    private sealed class RecordingHost : PSHost
    {
        private readonly RecordingInterface _interface = new();

        public IReadOnlyList<string> Lines => _interface.Lines;

        public bool Fails
        {
            get => _interface.Fails;
            init => _interface.Fails = value;
        }

        public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

        public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

        public override Guid InstanceId { get; } = Guid.NewGuid();

        public override string Name => "test";

        public override PSHostUserInterface UI => _interface;

        public override Version Version { get; } = new(1, 0);

        public override void EnterNestedPrompt() => throw new NotSupportedException();

        public override void ExitNestedPrompt() => throw new NotSupportedException();

        public override void NotifyBeginApplication()
        {
        }

        public override void NotifyEndApplication()
        {
        }

        public override void SetShouldExit(int exitCode)
        {
        }
    }

    private sealed class RecordingInterface : PSHostUserInterface
    {
        private readonly List<string> _lines = [];

        public bool Fails { get; set; }

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public override PSHostRawUserInterface? RawUI => null;

        public override void WriteWarningLine(string message) => Add(message);

        public override void WriteErrorLine(string value) => Add(value);

        public override void Write(string value)
        {
        }

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        {
        }

        public override void WriteLine(string value)
        {
        }

        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override Dictionary<string, PSObject> Prompt(
            string caption, string message, System.Collections.ObjectModel.Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException();

        public override int PromptForChoice(
            string caption, string message, System.Collections.ObjectModel.Collection<ChoiceDescription> choices, int defaultChoice) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(
            string caption,
            string message,
            string userName,
            string targetName,
            PSCredentialTypes allowedCredentialTypes,
            PSCredentialUIOptions options) => throw new NotSupportedException();

        public override string ReadLine() => throw new NotSupportedException();

        public override System.Security.SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        private void Add(string line)
        {
            if (Fails)
            {
                throw new HostException("There is no window any more.");
            }

            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
