using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Local;

/// <summary>
/// The lock of the dom0 this process runs on. No program that is started inherits it (O_CLOEXEC). Disposing it ends the session that had
/// it, although the process lives on.
/// </summary>
/// <param name="directory">The directory of its file; null for the usual one.</param>
internal sealed class LocalLock(string? directory) : IDom0Lock, IAsyncDisposable
{
    private const string Way = "on dom0 itself";
    private const int TextLimit = 4096;

    private readonly string _directory = directory ?? $"{(Directory.Exists("/run") ? "/run" : "/var/run")}/{LockText.Directory}";

    private readonly object _gate = new();
    private Held? _held;
    private bool _isDisposed;

    private string FilePath => $"{_directory}/{LockText.File}";

    public async ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Nothing in it waits for anybody.
        return await Task.Run(() => TryTakeUnlessDisposed(note), CancellationToken.None).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            return _held?.DisposeAsync() ?? ValueTask.CompletedTask;
        }
    }

    private static LockAttempt Hindered(string what, int error) => new()
    {
        Obstacle = $"{what}: {Marshal.GetPInvokeErrorMessage(error)}",
        IsForbidden = (Errno)error is Errno.EACCES or Errno.EPERM,
    };

    private static string? StartOf(int process)
    {
        try
        {
            return LockText.StartIn(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private LockAttempt TryTakeUnlessDisposed(LockNote note)
    {
        lock (_gate)
        {
            return _isDisposed ? throw HostErrors.Closed(LocalDom0.Id) : TryTake(note);
        }
    }

    private LockAttempt TryTake(LockNote note)
    {
        if (Libc.MakeDirectory(_directory, 0x1C0) != 0 && Libc.LastError is int refusal and not (int)Errno.EEXIST)
        {
            return Hindered($"{_directory} cannot be made", refusal);
        }

        // Another user who owned it could hold the lock for ever, or lead root's writing elsewhere.
        int error = Libc.Stat(_directory, followLinks: false, out FileMetadata metadata);
        if (error == 0 && (metadata.Kind != HostFileKind.Directory || metadata.Owner != Libc.EffectiveUser()))
        {
            return new LockAttempt { Obstacle = $"{_directory} is not this user's own", IsForbidden = Libc.EffectiveUser() != 0 };
        }

        error = Descriptor.Open(FilePath, Libc.ReadWrite | Libc.Create, 0x180, out Descriptor? file);
        if (error != 0)
        {
            return Hindered($"{FilePath} cannot be opened", error);
        }

        if (Libc.Lock(file!.Number, Libc.LockExclusive | Libc.LockNonBlocking) == 0)
        {
            _held = new Held(file, FilePath);
            _held.Tell(note);
            return new LockAttempt { Hold = _held };
        }

        error = Libc.LastError;
        using (file)
        {
            return error == Libc.TryAgain
                ? new LockAttempt { Owner = ReadOwner(file) }
                : Hindered($"{FilePath} cannot be locked", error);
        }
    }

    private static LockOwner? ReadOwner(Descriptor file)
    {
        Span<byte> text = stackalloc byte[TextLimit];
        int count = file.Read(text);
        return count <= 0 ? null : LockText.Parse(Encoding.UTF8.GetString(text[..count]), StartOf);
    }

    private sealed class Held(Descriptor file, string path) : IDom0LockHold
    {
        private int _isOver;

        public ValueTask TellAsync(LockNote note)
        {
            Tell(note);
            return ValueTask.CompletedTask;
        }

        public void Tell(LockNote note) => Write(LockText.Compose(
            Environment.ProcessId, StartOf(Environment.ProcessId) ?? "-", note, Way));

        public ValueTask DisposeAsync()
        {
            // Its holder and its session may both let go, and the later one must not wipe out what the next holder says of itself.
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                // Before the lock goes: this process lives on, and must not be taken for the next holder.
                Write(string.Empty);
                file.Dispose();
            }

            return ValueTask.CompletedTask;
        }

        // A file system that is full leaves the owner without a name, and the lock is held all the same.
        private void Write(string text)
        {
            if (Descriptor.Open(path, Libc.WriteOnly | Libc.Truncate, 0, out Descriptor? content) == 0)
            {
                using (content)
                {
                    if (text.Length > 0)
                    {
                        _ = content!.Write(Encoding.UTF8.GetBytes(text));
                    }
                }
            }
        }
    }
}
