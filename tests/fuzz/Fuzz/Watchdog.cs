namespace XenDriverDomain.Fuzz;

/// <summary>Ends the program, with the input shown, when one input takes longer than any noise of the machine could explain.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly Timer _timer;
    private string? _input;
    private string? _seen;

    public Watchdog() => _timer = new Timer(_ => Look(), null, s_limit, s_limit);

    /// <summary>What is being read now.</summary>
    public string? Input
    {
        set => Volatile.Write(ref _input, value);
    }

    public void Dispose() => _timer.Dispose();

    // The same object twice in a row: it was there all the time between.
    private void Look()
    {
        string? now = Volatile.Read(ref _input);
        if (now is not null && ReferenceEquals(now, _seen))
        {
            Console.WriteLine($"hangs:\n---\n{now}\n---");
            Environment.Exit(1);
        }

        _seen = now;
    }
}
