using System.Security.Cryptography;
using XenDriverDomain.Access.Local;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// A directory only this user can enter, for the sockets of one connection. Its name is short: a Unix socket's path has at most
/// 108 bytes (unix(7)), and ssh adds 17 while it makes one.
/// </summary>
internal sealed class PrivateDirectory : IDisposable
{
    private const int LongestBase = 50;
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private PrivateDirectory(string path) => FullPath = path;

    public string FullPath { get; }

    public static PrivateDirectory Create()
    {
        string parent = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 1 and < LongestBase } runtime
            && runtime[0] == '/' && !runtime.Contains('%', StringComparison.Ordinal) && Directory.Exists(runtime)
            ? runtime
            : "/tmp";
        RemoveAbandoned(parent);
        string path = $"{parent}/xdd-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";

        // mkdir refuses what is there, so nobody can have prepared it.
        return Libc.MakeDirectory(path, 0x1C0) == 0
            ? new PrivateDirectory(path)
            : throw new HostFileException("create", path, (Errno)Libc.LastError, "for the connection's sockets, on this machine");
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (IOException)
        {
            // ssh removes its own sockets as it ends, at the same time; an empty directory may stay.
        }
    }

    /// <summary>A process that was killed leaves its directory, empty, as ssh ends by itself and takes its sockets with it.</summary>
    private static void RemoveAbandoned(string parent)
    {
        foreach (string path in Directory.EnumerateDirectories(parent, "xdd-????????????"))
        {
            try
            {
                if (Directory.GetLastWriteTimeUtc(path) < DateTime.UtcNow - Abandoned)
                {
                    Directory.Delete(path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use, or another user's.
            }
        }
    }
}
