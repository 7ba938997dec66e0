using System.Globalization;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// What the guests' client does: sends pings through every interface it has and reports in <c>data/traffic</c>: <c>none</c>, or
/// <c>ok N</c>, where N counts the replies.
/// </summary>
internal sealed class PingClient
{
    private readonly Kernel _kernel;
    private readonly Netfront _netfront;
    private TimeSpan _lastReply;
    private int _count;
    private bool _flowing;
    private bool _ticking;

    public PingClient(Kernel kernel, Netfront netfront)
    {
        _kernel = kernel;
        _netfront = netfront;
        Report("none");
        kernel.World.LinksChanged += Wake;
    }

    /// <summary>Sends no more.</summary>
    public void Stop() => _kernel.World.LinksChanged -= Wake;

    // Only ticks while there is something to count: an idle host is quiet.
    private void Wake()
    {
        if (!_ticking && Replies() > 0)
        {
            _ticking = true;
            _kernel.After(Timings.Ping, Tick);
        }
    }

    private void Tick()
    {
        TimeSpan now = _kernel.World.Time.Elapsed;
        int replies = Replies();
        if (replies > 0)
        {
            _lastReply = now;
            _flowing = true;
            _count += replies;
            Report(string.Create(CultureInfo.InvariantCulture, $"ok {_count}"));
        }
        else if (_flowing && now - _lastReply > Timings.PingSilence)
        {
            _flowing = false;
            Report("none");
        }

        _ticking = _flowing;
        if (_ticking)
        {
            _kernel.After(Timings.Ping, Tick);
        }
    }

    private int Replies() => _netfront.ConnectedBackends.Count(IsCarried);

    private bool IsCarried(string backend)
    {
        const string Prefix = "/local/domain/";
        string domid = backend.StartsWith(Prefix, StringComparison.Ordinal) ? backend[Prefix.Length..].Split('/')[0] : string.Empty;
        return int.TryParse(domid, NumberStyles.None, CultureInfo.InvariantCulture, out int server)
            && _kernel.World.NetbackOf(server)?.IsCarrying(backend) == true;
    }

    private void Report(string text) => _kernel.Store.Write($"{_kernel.Home}/data/traffic", text);
}
