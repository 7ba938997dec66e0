using System.Globalization;
using System.Text.RegularExpressions;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Tests.WholeHost;
using XenDriverDomain.Tour;

namespace XenDriverDomain.Simulation.Tests.Load;

/// <summary>
/// The main job with all that somebody can see of it: what was told and read back, in order, and when by the host's clock.
/// </summary>
internal sealed partial class RecordedJob : IOperationReporter
{
    private readonly List<string> _lines = [];
    private readonly SimulatedHost _host;
    private TimeSpan _begun;

    private RecordedJob(SimulatedHost host) => _host = host;

    /// <summary>Takes the tour, and does the main job on another host.</summary>
    /// <returns>All that was seen.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync()
    {
        StringWriter tour = new(CultureInfo.InvariantCulture);
        int code = await Walk.RunAsync(tour, CancellationToken.None);
        await using SimulatedHost host = new("default");
        RecordedJob job = new(host);
        await job.PlayAsync();

        IEnumerable<string> all = [$"exit code {code}", .. tour.ToString().Split('\n'), .. job._lines];
        return [.. all.Select(line => Chance().Replace(line, "*"))];
    }

    public void Verbose(string message) => Note("verbose", message);

    public void Debug(string message) => Note("debug", message);

    public void Warning(string message) => Note("warning", message);

    public void Progress(string activity, string status, int percent) => Note("progress", $"{activity}: {status} ({percent} %)");

    // What is another thing each time: addresses and ids that are drawn, how long the tour took whoever ran it, and what passed on its host
    // while it was left alone, at one step, for another one.
    [GeneratedRegex(
        @"(?<=the probe )\S+|00:16:3e(:[0-9a-f]{2}){3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        + "|[0-9]+ s on the host's clock, [0-9.]+ s on yours")]
    private static partial Regex Chance();

    private async Task PlayAsync()
    {
        _host.Dom0.Time.Touch();
        _begun = _host.Dom0.Time.Elapsed;
        IReadOnlyList<string> before = _host.Footprint();
        Note("read back", await _host.StartClientAsync(this));
        Note("read back", await _host.AddAsync(reporter: this));
        Note("read back", await _host.NewAsync(reporter: this));
        Note("read back", await _host.ConnectAsync(reporter: this));
        await _host.WaitForTrafficAsync();
        Note("traffic", "grows");
        Note("error", await FailAsync(() => _host.ConnectAsync("nobridge", this)));
        Note("error", await FailAsync(() => _host.AddAsync(PciAddress.Parse("00:1f.6"), reporter: this)));
        await _host.RestartAsync(this);
        Note("vifs", string.Join("; ", await _host.VifsAsync()));
        await _host.DisconnectAsync();
        await _host.StopDriverDomainAsync();
        await _host.RemoveDriverDomainAsync();

        // It never serves: a time-out of two minutes, and all that is undone then.
        Note("error", await FailAsync(() => _host.NewAsync("console=hvc0 role=dd devd=0", reporter: this)));
        Note("read back", await _host.GiveBackAsync());
        await _host.StopClientAsync();
        Note("left", string.Join("; ", _host.Footprint().Except(before)));
    }

    private static async Task<string> FailAsync(Func<Task> work)
    {
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(work);
        return $"{error.ErrorId}: {error.Message} {error.Remedy}";
    }

    private void Note(string what, object? words)
    {
        lock (_lines)
        {
            _lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{(_host.Dom0.Time.Elapsed - _begun).TotalMilliseconds:0.0000} ms, {what}: {words}"));
        }
    }
}
