using System.Net.Sockets;
using System.Security.Cryptography;
using XenDriverDomain.Access.Local;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// A directory only this user can enter, for the sockets of one connection. Its name is short: a Unix socket's path has at most
/// 107 bytes (unix(7)), and ssh adds 17 while it makes one.
/// </summary>
/// <remarks>
/// It goes with the connection, or else with the process. One that is killed leaves it, and the next connection takes it away: the
/// owner has locked the directory (flock(2)), and a lock ends with its process, whatever ends that, and whatever gets its number then.
/// </remarks>
internal sealed class PrivateDirectory : IDisposable
{
    private const string Prefix = "xdd-";
    private const int Digits = 16;

    // As earlier versions named them, which locked nothing.
    private const int EarlierDigits = 12;
    private const uint OnlyOwner = 0x1C0;
    private const int MostAttempts = 10;
    private static readonly TimeSpan s_earlierAge = TimeSpan.FromHours(1);

    private readonly int _lock;
    private int _disposed;

    private PrivateDirectory(string path, int descriptor)
    {
        FullPath = path;
        _lock = descriptor;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public string FullPath { get; }

    /// <summary>Makes one in the best place that the environment has, after what killed processes left is taken away.</summary>
    public static PrivateDirectory Create() => Create(PlacesForSockets.Find(Environment.GetEnvironmentVariable));

    /// <summary>Makes one in the first of some places.</summary>
    /// <exception cref="HostFileException">It cannot be made.</exception>
    internal static PrivateDirectory Create(IReadOnlyList<string> places)
    {
        foreach (string place in places)
        {
            RemoveAbandoned(place);
        }

        for (int attempt = 1; ; attempt++)
        {
            string path = $"{places[0]}/{Prefix}{Convert.ToHexString(RandomNumberGenerator.GetBytes(Digits / 2)).ToLowerInvariant()}";

            // mkdir refuses what is there, so nobody can have prepared it.
            if (Libc.MakeDirectory(path, OnlyOwner) != 0)
            {
                throw new HostFileException("create", path, (Errno)Libc.LastError, "for the connection's sockets, on this machine");
            }

            // Until it is locked, it looks like one whose owner is gone: who is quick enough may have taken it away.
            int descriptor = Open(path);
            if (descriptor >= 0)
            {
                // Where the file system has no locks, nobody can lock it to take it away either.
                bool isOurs = Lock(descriptor) || Libc.LastError != Libc.TryAgain;
                if (isOurs && IsSame(path, descriptor))
                {
                    return new PrivateDirectory(path, descriptor);
                }

                _ = Libc.Close(descriptor);
            }

            if (attempt == MostAttempts)
            {
                throw new HostFileException("create", path, Errno.ENOENT, "somebody removes what is made there, on this machine");
            }
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
            Remove(FullPath, _lock);
            _ = Libc.Close(_lock);
        }
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    // What is no directory, or no link to one, is not opened that way.
    private static int Open(string path) => Libc.Open($"{path}/.", Libc.ReadOnly | Libc.CloseOnExec);

    private static bool Lock(int descriptor) => Libc.Lock(descriptor, Libc.LockExclusive | Libc.LockNonBlocking) == 0;

    // False for a link, wherever it leads.
    private static bool IsSame(string path, int descriptor) =>
        Libc.Stat(descriptor, out FileMetadata opened) == 0
        && Libc.Stat(path, followLinks: false, out FileMetadata named) == 0
        && opened.Inode == named.Inode;

    /// <summary>
    /// Takes away what processes left that are gone. Another user's directories, and those of the living, are not touched.
    /// </summary>
    private static void RemoveAbandoned(string place)
    {
        try
        {
            foreach (string path in Directory.EnumerateDirectories(place, Prefix + "*"))
            {
                string random = Path.GetFileName(path)[Prefix.Length..];
                if (random.Length is Digits or EarlierDigits && random.All(char.IsAsciiHexDigitLower))
                {
                    RemoveWhenAbandoned(path, isEarlier: random.Length == EarlierDigits);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A place that cannot be listed; what is in it stays.
        }
    }

    private static void RemoveWhenAbandoned(string path, bool isEarlier)
    {
        int descriptor = Open(path);
        if (descriptor < 0)
        {
            // Another user's, or gone meanwhile.
            return;
        }

        try
        {
            if (Libc.Stat(descriptor, out FileMetadata metadata) == 0
                && metadata.Owner == Libc.EffectiveUser() && metadata.Permissions == OnlyOwner
                && IsSame(path, descriptor)
                && Lock(descriptor)
                && (!isEarlier || (Directory.GetLastWriteTimeUtc(path) < DateTime.UtcNow - s_earlierAge && !Listens($"{path}/c"))))
            {
                Remove(path, descriptor);
            }
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    /// <summary>Removes the directory that is open, with the files and sockets in it.</summary>
    private static void Remove(string path, int descriptor)
    {
        // ssh removes its own sockets as it ends, and may make one as it begins, at the same time.
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            try
            {
                // The names are those in the directory that is open, whatever its own name stands for by now.
                foreach (string entry in Directory.EnumerateFileSystemEntries($"/proc/self/fd/{descriptor}"))
                {
                    _ = Libc.UnlinkAt(descriptor, Path.GetFileName(entry), 0);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is gone.
            }

            if (!IsSame(path, descriptor) || Libc.RemoveDirectory(path) == 0 || (Errno)Libc.LastError is Errno.ENOENT)
            {
                return;
            }
        }
    }

    private static bool Listens(string socket)
    {
        if (Libc.Stat(socket, followLinks: false, out _) != 0)
        {
            return false;
        }

        try
        {
            using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
