using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Xl;

/// <summary>
/// The xl of one connected host. Where it is and which version it has are remembered for the life of this object; keep one for
/// each connection. Safe for use by several threads.
/// </summary>
/// <param name="dom0">The host.</param>
public sealed class XlTool(Dom0 dom0)
{
    /// <summary>Above every time-out of libxl's own but a boot loader's (120 s, for which the caller asks for more).</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(130);

    private const string ByPath = "xl";

    /// <summary>Commands that change nothing, so that nobody has to wait for their end.</summary>
    private static readonly string[] s_looking = ["info", "list"];

    // Replaced as a whole; two threads that find the same thing do no harm.
    private volatile XlInstallation? _installation;
    private volatile string _program = ByPath;

    /// <summary>Where xl is and what it is; looked up once per connection.</summary>
    /// <exception cref="XenDriverDomainException">XlNotFound: no xl in PATH or the distributions' places.</exception>
    public async ValueTask<XlInstallation> FindAsync(CancellationToken cancellationToken)
    {
        if (_installation is { } known)
        {
            return known;
        }

        await GetInfoAsync(cancellationToken).ConfigureAwait(false);
        return _installation!;
    }

    /// <summary>What <c>xl info</c> says now: memory and CPUs change, so this runs xl each time.</summary>
    /// <exception cref="XenDriverDomainException">XlNotFound, XlNotUsable, XlCommandFailed or XlOutputNotUnderstood.</exception>
    public async ValueTask<XlInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        XlResult result = await RunAsync(["info"], null, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.XlCommandFailed,
                ErrorKind.Device,
                $"xl info failed on {dom0.Id} with exit code {result.ExitCode}: {result.Complaint}",
                "Run xl info on dom0 as root and repair what it reports.",
                dom0.Id);
        }

        XlInfo info = XlInfo.Parse(result.Output);
        _installation = new XlInstallation(
            _program,
            info.Version ?? throw new XenDriverDomainException(
                ErrorIds.XlOutputNotUnderstood,
                ErrorKind.Protocol,
                $"xl info on {dom0.Id} names no version: the lines xen_major and xen_minor are missing.",
                "Run xl info on dom0; use Xen 4.2 or later.",
                dom0.Id))
        {
            HasIommu = info.VirtualizationCapabilities.Count == 0 ? null : info.HasIommu,
        };
        return info;
    }

    /// <summary>
    /// Runs xl to its end. A non-zero exit code is a result: the caller reads the state back and decides. Its stderr is taken
    /// apart into messages.
    /// </summary>
    /// <param name="arguments">Subcommand and arguments.</param>
    /// <param name="timeout">
    /// Must be above libxl's own time-outs (40 s for a hotplug script, 60 s for a device model); null means 130 s.
    /// </param>
    /// <param name="cancellationToken">Ends xl and throws.</param>
    /// <exception cref="XenDriverDomainException">XlNotFound; XlNotUsable: xl could not even begin.</exception>
    public async ValueTask<XlResult> RunAsync(
        IReadOnlyList<string> arguments, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        CommandRequest request = new(_program, arguments)
        {
            Timeout = timeout ?? DefaultTimeout,
            OnlyLooks = s_looking.Contains(arguments[0]),
        };
        CommandResult result;
        try
        {
            result = await dom0.Commands.RunAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException notThere) when (notThere.ErrorId == ErrorIds.HostCommandNotFound)
        {
            result = await RunElsewhereAsync(request, notThere, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<XlMessage> messages = XlMessageParser.Parse(result.StandardError);
        Tell(arguments, messages);
        if (XlTrouble.Find(dom0.Id, result.ExitCode, messages) is { } trouble)
        {
            throw trouble;
        }

        return new XlResult(arguments, result.ExitCode, result.StandardOutput, messages);
    }

    // libxl warns of what our steps expect (a device that is bound already) and calls an error what a caller can live with (a
    // back end that is gone), so its own grading does not decide between verbose and warning records; the words keep it.
    private void Tell(IReadOnlyList<string> arguments, IReadOnlyList<XlMessage> messages)
    {
        foreach (XlMessage message in messages)
        {
            string grade = message.Severity is XlSeverity.Error or XlSeverity.Warning ? $" ({message.Severity})" : string.Empty;
            dom0.Reporter.Verbose($"xl {arguments[0]}{grade}: {message.Text}");
            if (message.Source is not null)
            {
                dom0.Reporter.Debug($"{message.Source}: {message.Text}");
            }
        }
    }

    // Not in PATH, or no longer where it was: an upgrade moves versioned directories.
    private async ValueTask<CommandResult> RunElsewhereAsync(
        CommandRequest request, XenDriverDomainException notThere, CancellationToken cancellationToken)
    {
        foreach (string place in await XlPlaces.LookAsync(dom0.Files, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                CommandResult result =
                    await dom0.Commands.RunAsync(request with { Program = place }, cancellationToken).ConfigureAwait(false);
                _program = place;
                return result;
            }
            catch (XenDriverDomainException gone) when (gone.ErrorId == ErrorIds.HostCommandNotFound)
            {
                // A dangling link, or a script whose interpreter is missing: the next place.
            }
        }

        throw new XenDriverDomainException(
            ErrorIds.XlNotFound,
            ErrorKind.NotInstalled,
            $"There is no xl on {dom0.Id}, neither in PATH nor in /usr/sbin, /usr/lib/xen*/bin, /usr/local/sbin or /opt.",
            "Install Xen's tools (Debian: xen-utils and xen-system; Fedora: xen), or put xl into PATH.",
            dom0.Id,
            notThere);
    }
}
