using System.Collections;
using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Binding;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosting;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Commands;

/// <summary>Connect-XenDom0: reaches a Xen host over SSH, with the system's OpenSSH client.</summary>
[Cmdlet(VerbsCommunications.Connect, "XenDom0")]
[OutputType(typeof(HostFacts))]
public sealed class ConnectXenDom0Command : AsyncCmdlet
{
    /// <summary>The host's name or address, or an alias of the SSH configuration.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ComputerName")]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = [];

    /// <summary>The port of its SSH server; left out, what the SSH configuration says.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The user to be on it, usually root; left out, what the SSH configuration says.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>A file with the private key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>Further options of ssh_config(5), by name, as in New-PSSession.</summary>
    [Parameter]
    public Hashtable? Options { get; set; }

    /// <summary>How long the connection may take to be made, in seconds or as a TimeSpan.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Makes this host the default of the session even when another one is.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    private Connections Connections => Connections.Of(MyInvocation.MyCommand.Module);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string host in HostName)
        {
            if (!TryFor(host, () => Connect(host)))
            {
                Connections.NoteFailure(host);
            }
        }
    }

    private void Connect(string host)
    {
        SshOptions options = new()
        {
            HostName = host,
            Port = Port == 0 ? null : Port,
            UserName = UserName,
            KeyFilePath = KeyFile(),
            Options = OptionsByName(),
            ConnectTimeout = Timeout,
        };
        HostFacts facts = Wait(async (reporter, token) =>
        {
            reporter.Verbose($"Connecting to {host}");
            bool wasDefault = false;
            HostSession session = await HostSession.ConnectAsync(options, TimeProvider.System, token).ConfigureAwait(false);
            try
            {
                if (Connections.Find(session.Dom0.Id) is { } earlier)
                {
                    if (await IsAliveAsync(earlier, token).ConfigureAwait(false))
                    {
                        throw AlreadyConnected(session.Dom0.Id);
                    }

                    reporter.Verbose($"The earlier connection to {session.Dom0.Id} was lost; this one takes its place");
                    wasDefault = Connections.DefaultId == earlier.Dom0.Id;
                    Connections.Remove(earlier);
                    await earlier.DisposeAsync().ConfigureAwait(false);
                }

                HostFacts seen = await session.Inspector.InspectAsync(token).ConfigureAwait(false);
                Connections.Add(session, Default || wasDefault);
                return seen with { IsDefault = Connections.DefaultId == session.Dom0.Id };
            }
            catch
            {
                await session.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        });
        WriteObject(facts);
    }

    private static async Task<bool> IsAliveAsync(HostSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.Dom0.Files.GetKindAsync("/proc", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (XenDriverDomainException)
        {
            return false;
        }
    }

    private static XenDriverDomainException AlreadyConnected(string id) => new(
        ModuleErrorIds.Dom0AlreadyConnected,
        ErrorKind.AlreadyExists,
        $"This session is connected to {id} already.",
        "Use it, see Get-XenDom0, or end that connection first with Disconnect-XenDom0.",
        id);

    private string? KeyFile()
    {
        if (KeyFilePath is null)
        {
            return null;
        }

        string path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(KeyFilePath);
        return File.Exists(path)
            ? path
            : throw new XenDriverDomainException(
                ModuleErrorIds.KeyFileNotFound,
                ErrorKind.NotFound,
                $"The key file '{Terminal.Text.Show(path)}' does not exist.",
                "Give the path of the private key, not of the .pub file, on this machine.",
                KeyFilePath);
    }

    private Dictionary<string, string> OptionsByName()
    {
        Dictionary<string, string> result = new(StringComparer.OrdinalIgnoreCase);
        if (Options is not null)
        {
            foreach (DictionaryEntry entry in Options)
            {
                result[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? string.Empty] =
                    Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? string.Empty;
            }
        }

        return result;
    }
}
