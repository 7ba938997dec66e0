using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>
/// The lock of a simulated dom0 as one connection sees it. The file has what it has on a real host, and the connection's end lets go.
/// </summary>
/// <param name="host">Which connection of the host has it.</param>
/// <param name="connection">What else ends with the connection; null for nothing.</param>
internal sealed class SimulatedLock(SimulatedLock.State host, IAsyncDisposable? connection) : IDom0Lock, IAsyncDisposable
{
    private const string Way = "in the simulation";

    public ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using IDisposable busy = host.Files.Busy();
        Held held = new(host, this);
        LockOwner? owner = null;
        LockAttempt attempt = host.Files.Lock.Run(() =>
        {
            if (host.Holder is null)
            {
                host.Holder = held;
                return new LockAttempt { Hold = held };
            }

            owner = host.Owner;
            return new LockAttempt { Owner = owner };
        });
        if (attempt.Hold is not null)
        {
            held.Tell(note);
        }

        return ValueTask.FromResult(attempt);
    }

    public async ValueTask DisposeAsync()
    {
        if (host.Holder is { } held && held.Connection == this)
        {
            await held.DisposeAsync().ConfigureAwait(false);
        }

        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What all connections of a host share.</summary>
    internal sealed class State(SimulatedFiles files)
    {
        public SimulatedFiles Files => files;

        public Held? Holder { get; set; }

        public LockOwner? Owner { get; set; }

        /// <summary>dom0 has booted anew: whoever held it is gone with it.</summary>
        public void Free() => files.Lock.Run(() =>
        {
            Holder = null;
            Owner = null;
        });
    }

    /// <summary>The lock, held.</summary>
    internal sealed class Held(State host, SimulatedLock connection) : IDom0LockHold
    {
        public SimulatedLock Connection => connection;

        public ValueTask TellAsync(LockNote note)
        {
            Tell(note);
            return ValueTask.CompletedTask;
        }

        public void Tell(LockNote note) => host.Files.Lock.Run(() =>
        {
            if (host.Holder == this)
            {
                host.Owner = new LockOwner(note, Way, Environment.ProcessId);
                Write(LockText.Compose(Environment.ProcessId, "-", note, Way));
            }
        });

        public ValueTask DisposeAsync()
        {
            host.Files.Lock.Run(() =>
            {
                if (host.Holder == this)
                {
                    host.Holder = null;
                    host.Owner = null;
                    Write(string.Empty);
                }
            });
            return ValueTask.CompletedTask;
        }

        private void Write(string text) => host.Files.Put($"/run/{LockText.Directory}/{LockText.File}", text);
    }
}
