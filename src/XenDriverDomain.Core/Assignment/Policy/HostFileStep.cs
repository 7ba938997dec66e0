using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>Steps that write or delete a small file of the host, and put back what was there.</summary>
internal static class HostFileStep
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The step that gives a file its content; null when it has it.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">The file.</param>
    /// <param name="content">What is to be in it; null when it is to be gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ChangeStep?> PlanAsync(IDom0Files files, string path, string? content, CancellationToken cancellationToken)
    {
        byte[]? before = await TryReadAsync(files, path, cancellationToken).ConfigureAwait(false);
        byte[]? after = content is null ? null : Encoding.UTF8.GetBytes(content);
        if (before is null ? after is null : after is not null && before.AsSpan().SequenceEqual(after))
        {
            return null;
        }

        return new ChangeStep(after is null ? $"Delete {path}" : $"Write {path}", token => SetAsync(files, path, after, token))
        {
            UndoDescription = before is null ? $"Delete {path}" : $"Restore {path}",
            UndoAsync = token => SetAsync(files, path, before, token),
        };
    }

    private static async Task<byte[]?> TryReadAsync(IDom0Files files, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(path, MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (HostFileException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    private static async Task SetAsync(IDom0Files files, string path, byte[]? content, CancellationToken cancellationToken)
    {
        if (content is null)
        {
            await files.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
            return;
        }

        await files.CreateDirectoryAsync(HostPath.Parent(path), cancellationToken).ConfigureAwait(false);
        await files.ReplaceAsync(path, content, cancellationToken).ConfigureAwait(false);
        byte[]? read = await TryReadAsync(files, path, cancellationToken).ConfigureAwait(false);
        if (read is null || !read.AsSpan().SequenceEqual(content))
        {
            throw new HostFileException("write", path, Errno.EIO, "what was read back is not what was written");
        }
    }
}
