using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Errors;
using XenDriverDomain.Waiting;

namespace XenDriverDomain.Traces;

/// <summary>
/// All that this module has left on a host, found by where it writes and by the marks that it leaves there, so that nothing of the
/// administrator's own is among it. Changes nothing.
/// </summary>
/// <param name="dom0">The host.</param>
public sealed class HostFootprint(Dom0 dom0)
{
    /// <summary>Finds it, in the order in which it is best removed.</summary>
    /// <param name="parameters">
    /// What is to follow a cmdlet in a <see cref="HostTrace.Remedy"/>, so that it goes to this host; may be empty.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<HostTrace>> ListAsync(string parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (BulkAnswer answer, BootSituation? boot, IReadOnlyList<HostTrace> records) = await Together.AllAsync(
            dom0.Files.ReadManyAsync(FileTraces.Query, cancellationToken).AsTask(),
            ReadBootAsync(cancellationToken),
            ReadRecordsAsync(cancellationToken)).ConfigureAwait(false);
        List<HostTrace> found = [.. records, .. boot is null ? [] : BootTraces.Find(dom0.Id, boot, answer)];
        found.AddRange(FileTraces.Find(dom0.Id, answer));
        found.AddRange(FileTraces.Folders(dom0.Id, answer, found.Select(trace => trace.Path).ToHashSet(StringComparer.Ordinal)));
        IReadOnlyDictionary<string, Times> times = await ReadTimesAsync(
            [.. found.Select(trace => trace.Path).Where(path => !RecordTraces.IsNode(path)).Distinct()], cancellationToken)
            .ConfigureAwait(false);
        return
        [
            .. found.OrderBy(trace => trace.Kind).ThenBy(trace => trace.Kind == HostTraceKind.Folder ? -trace.Path.Length : 0)
                .ThenBy(trace => trace.Path, StringComparer.Ordinal)
                .Select(trace => trace with
                {
                    Written = WrittenAt(trace, times),
                    Remedy = IsCmdlet(trace.Remedy) ? trace.Remedy + parameters : trace.Remedy,
                }),
        ];
    }

    /// <summary>Whether a remedy is a cmdlet of this module, and no command for a shell on dom0.</summary>
    internal static bool IsCmdlet(string remedy) => remedy.Contains("-Xen", StringComparison.Ordinal) && char.IsAsciiLetterUpper(remedy[0]);

    private async Task<BootSituation?> ReadBootAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await BootReader.ReadAsync(dom0.Files, null, cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            dom0.Reporter.Warning($"What is in the boot configuration of {dom0.Id} is not listed: {e.Message}");
            return null;
        }
    }

    private async Task<IReadOnlyList<HostTrace>> ReadRecordsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RecordTraces.FindAsync(dom0, cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.XenStoreUnavailable)
        {
            dom0.Reporter.Verbose($"Records in xenstore are not listed, as {dom0.Id} has no xenstored that answers: {e.Message}");
            return [];
        }
    }

    private static DateTime? WrittenAt(HostTrace trace, IReadOnlyDictionary<string, Times> times) =>
        !times.TryGetValue(trace.Path, out Times? time) ? null
        : trace.Kind switch
        {
            // A copy keeps the time of what it is of; when it was made is when its name or owner changed last.
            HostTraceKind.Copy => time.Changed,

            // Lines among others, of which the file's time says nothing.
            HostTraceKind.AtBoot => null,
            HostTraceKind.EarlyLoading when !trace.Remedy.StartsWith("rm ", StringComparison.Ordinal) => null,
            HostTraceKind.Folder => null,
            _ => time.Written,
        };

    private async Task<IReadOnlyDictionary<string, Times>> ReadTimesAsync(
        IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        Dictionary<string, Times> times = new(StringComparer.Ordinal);
        if (paths.Count == 0)
        {
            return times;
        }

        CommandResult result;
        try
        {
            result = await dom0.Commands.RunAsync(
                new CommandRequest("stat", ["-c", "%Y %Z %n", "--", .. paths]) { OnlyLooks = true }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.HostCommandNotFound)
        {
            return times;
        }

        foreach (string line in result.StandardOutput.Split('\n'))
        {
            if (line.Split(' ', 3) is [var written, var changed, var path])
            {
                times[path] = new Times(Parse(written), Parse(changed));
            }
        }

        return times;
    }

    // A file system without times says 0.
    private static DateTime? Parse(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(value).UtcDateTime
            : null;

    private sealed record Times(DateTime? Written, DateTime? Changed);
}
