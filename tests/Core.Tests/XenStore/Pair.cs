using System.Text;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Tests.XenStore;

/// <summary>The C xenstored and the simulated one, both fresh, with as many connections each, that are asked the same.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly XenStoredDaemons _daemons = new();
    private readonly List<(RawConnection Real, RawConnection Simulated)> _connections = [];

    private Pair()
    {
    }

    public static async Task<Pair> StartAsync(int connections)
    {
        Pair pair = new();
        for (int i = 0; i < connections; i++)
        {
            pair._connections.Add((
                await RawConnection.OpenAsync(await pair._daemons.TransportAsync(XenStoredInstallation.C)),
                await RawConnection.OpenAsync(await pair._daemons.TransportAsync(XenStoredInstallation.Simulated))));
        }

        return pair;
    }

    /// <summary>
    /// Asks both, and asserts that both answer the same and that all connections are told the same; gives the answer and what was
    /// told, readable.
    /// </summary>
    /// <param name="connection">The connection that asks.</param>
    /// <param name="type">What is asked.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="ignoreFirstText">True when the first text of the answer is each server's own business.</param>
    /// <param name="takeEvents">False when the connection may not survive the question.</param>
    public async Task<(string Reply, string Events)> AskBothAsync(
        int connection, MessageType type, uint transaction, byte[] payload, bool ignoreFirstText = false, bool takeEvents = true)
    {
        (RawConnection real, RawConnection simulated) = _connections[connection];
        string expected = Describe(await real.AskAsync(type, transaction, payload), ignoreFirstText);
        string actual = Describe(await simulated.AskAsync(type, transaction, payload), ignoreFirstText);
        if (expected == "Error EIO|")
        {
            // Inside a transaction a node can list a child that others have removed since. The C xenstored takes that for damage;
            // the simulated one goes on, as oxenstored does, to a conflict at the end.
            byte[] no = "F\0"u8.ToArray();
            await real.AskAsync(MessageType.TransactionEnd, transaction, no);
            await simulated.AskAsync(MessageType.TransactionEnd, transaction, no);
            return (expected, string.Empty);
        }

        string question = $"connection {connection}, transaction {transaction}: {Describe((type, payload), false)}";
        Assert.Equal($"{question} -> {expected}", $"{question} -> {actual}");
        StringBuilder events = new();
        for (int i = 0; takeEvents && i < _connections.Count; i++)
        {
            string told = Describe(await _connections[i].Real.TakeEventsAsync());
            string toldInMemory = Describe(await _connections[i].Simulated.TakeEventsAsync());
            Assert.Equal($"{question} -> connection {i} is told {told}", $"{question} -> connection {i} is told {toldInMemory}");
            events.Append(told);
        }

        return (actual, events.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((RawConnection real, RawConnection simulated) in _connections)
        {
            await real.DisposeAsync();
            await simulated.DisposeAsync();
        }

        await _daemons.DisposeAsync();
    }

    private static string Describe(List<byte[]> events) => string.Join("; ", events.Select(Show));

    private static string Describe((MessageType Type, byte[] Payload)? reply, bool ignoreFirstText) => reply is not { } message
        ? "the end"
        : $"{message.Type} {Show(ignoreFirstText ? message.Payload[(Array.IndexOf(message.Payload, (byte)0) + 1)..] : message.Payload)}";

    private static string Show(byte[] bytes) => Encoding.Latin1.GetString(bytes).Replace('\0', '|');
}
