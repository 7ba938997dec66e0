using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Tests.Support;

/// <summary>
/// The files of the simulated dom0, with what a test wants to know and to break: it makes a write have an effect with
/// <see cref="OnWrite"/>, and an operation fail with <see cref="FailRead"/> and <see cref="FailWrite"/>. What was done is in
/// <see cref="Writes"/> and <see cref="Calls"/>.
/// </summary>
internal sealed class MemoryFiles : IDom0Files
{
    private readonly Lock _lock = new();
    private readonly SimulatedFiles _files = new(new SimulatedTime(), new NoFaults());
    private readonly Dictionary<string, Func<string, Errno?>> _onWrite = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Errno> _failRead = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Text)> _writes = [];
    private readonly List<string> _calls = [];

    /// <summary>Each store that succeeded, oldest first, by the canonical path it reached.</summary>
    public IReadOnlyList<(string Path, string Text)> Writes
    {
        get
        {
            lock (_lock)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Each operation that was asked for: its name and its path ("readmany" alone for bulk reads).</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Adds a file, or replaces its content; parents are made.</summary>
    public MemoryFiles Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a file, or replaces its content; parents are made.</summary>
    public MemoryFiles Put(string path, byte[] content)
    {
        _files.Put(path, content);
        return this;
    }

    /// <summary>Adds a symbolic link; parents are made.</summary>
    public MemoryFiles Link(string path, string target)
    {
        _files.Link(path, target);
        return this;
    }

    /// <summary>Adds a directory and its parents.</summary>
    public MemoryFiles MakeDirectory(string path)
    {
        _files.MakeDirectory(path);
        return this;
    }

    /// <summary>Takes a file, link or whole directory away; one that is not there is fine. The last link is not followed.</summary>
    public MemoryFiles Remove(string path)
    {
        _files.Remove(path);
        return this;
    }

    /// <summary>True when the path exists, its last link not followed.</summary>
    public bool Exists(string path) => _files.Exists(path);

    /// <summary>The text of a file, or null.</summary>
    public string? Text(string path) => _files.Text(path);

    /// <summary>
    /// What a store to this (canonical) path does, given the text without its last newline: the errno it fails with, or null. The
    /// content does not change by itself then, as with sysfs attributes.
    /// </summary>
    public MemoryFiles OnWrite(string path, Func<string, Errno?> effect)
    {
        lock (_lock)
        {
            _onWrite[path] = effect;
            return this;
        }
    }

    /// <summary>Every store to this (canonical) path fails.</summary>
    public MemoryFiles FailWrite(string path, Errno errno) => OnWrite(path, _ => errno);

    /// <summary>Every read of this (canonical) path fails; bulk reads leave it out.</summary>
    public MemoryFiles FailRead(string path, Errno errno)
    {
        lock (_lock)
        {
            _failRead[path] = errno;
            return this;
        }
    }

    public async ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        Note("read", path);
        string real = await RealAsync(path);
        lock (_lock)
        {
            if (_failRead.TryGetValue(real, out Errno errno))
            {
                throw new HostFileException("read", path, errno);
            }
        }

        return await _files.ReadAsync(path, limit, cancellationToken);
    }

    public async ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Note("write", path);
        string real = await RealAsync(path);
        string text = Encoding.UTF8.GetString(data.Span);
        text = text.EndsWith('\n') ? text[..^1] : text;
        Func<string, Errno?>? effect;
        lock (_lock)
        {
            effect = _onWrite.GetValueOrDefault(real);
        }

        // Outside the lock, as the effect changes the tree through the public methods.
        if (effect is null || !Exists(real))
        {
            await _files.WriteOnceAsync(path, data, cancellationToken);
        }
        else if (effect(text) is { } failure)
        {
            throw new HostFileException("write", path, failure);
        }

        lock (_lock)
        {
            _writes.Add((real, text));
        }
    }

    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Note("replace", path);
        await _files.ReplaceAsync(path, data, cancellationToken);
        lock (_lock)
        {
            _writes.Add((path, Encoding.UTF8.GetString(data.Span)));
        }
    }

    public async ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        Note("replace", path);
        await _files.ComposeAsync(path, pieces, isPacked, cancellationToken);
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Note("delete", path);
        return _files.DeleteAsync(path, cancellationToken);
    }

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        Note("mkdir", path);
        return _files.CreateDirectoryAsync(path, cancellationToken);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        Note("list", path);
        return _files.ListAsync(path, cancellationToken);
    }

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken)
    {
        Note("resolve", path);
        return _files.ResolveAsync(path, cancellationToken);
    }

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken)
    {
        Note("kind", path);
        return _files.GetKindAsync(path, cancellationToken);
    }

    public async ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        Note("readmany", string.Empty);
        BulkAnswer answer = await _files.ReadManyAsync(query, cancellationToken);
        Dictionary<string, string> files = new(answer.Files);
        foreach (string path in answer.Files.Keys)
        {
            string real = _failRead.Count == 0 ? path : await RealAsync(path);
            lock (_lock)
            {
                if (_failRead.ContainsKey(real))
                {
                    files.Remove(path);
                }
            }
        }

        return answer with { Files = files };
    }

    private async ValueTask<string> RealAsync(string path) => await _files.ResolveAsync(path, default) ?? path;

    private void Note(string operation, string path)
    {
        lock (_lock)
        {
            _calls.Add(path.Length == 0 ? operation : $"{operation} {path}");
        }
    }
}
