using XenDriverDomain.Access;

namespace XenDriverDomain.Changes;

/// <summary>Steps that write or delete a file of the host as a whole, read it back, and can put back what was there.</summary>
internal static class HostFileStep
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The step that gives a file its content; null when it has it.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">The file; its directory is made when it is missing.</param>
    /// <param name="content">What is to be in it; null when it is to be gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ChangeStep?> PlanAsync(IDom0Files files, string path, byte[]? content, CancellationToken cancellationToken)
    {
        byte[]? before = await files.TryReadAsync(path, MaxBytes, cancellationToken).ConfigureAwait(false);
        return IsSame(before, content) ? null : Set(files, content is null ? $"Delete {path}" : $"Write {path}", path, content, before);
    }

    /// <summary>The same for a file whose content is known.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="description">What the step does, in words.</param>
    /// <param name="path">The file; its directory is made when it is missing.</param>
    /// <param name="content">What is to be in it; null when it is to be gone.</param>
    /// <param name="before">What is in it; null when it is not there.</param>
    public static ChangeStep Set(IDom0Files files, string description, string path, byte[]? content, byte[]? before) =>
        new(description, token => SetAsync(files, path, content, token))
        {
            UndoDescription = before is null ? $"Delete {path}" : $"Restore {path}",
            UndoAsync = token => SetAsync(files, path, before, token),
            IsUndoneAsync = async token => IsSame(await files.TryReadAsync(path, MaxBytes, token).ConfigureAwait(false), before),
        };

    private static bool IsSame(byte[]? one, byte[]? other) =>
        one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    private static async Task SetAsync(IDom0Files files, string path, byte[]? content, CancellationToken cancellationToken)
    {
        if (content is null)
        {
            await files.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await files.CreateDirectoryAsync(HostPath.Parent(path), cancellationToken).ConfigureAwait(false);
            await files.ReplaceAsync(path, content, cancellationToken).ConfigureAwait(false);
        }

        if (!IsSame(await files.TryReadAsync(path, MaxBytes, cancellationToken).ConfigureAwait(false), content))
        {
            throw content is null
                ? new HostFileException("delete", path, Errno.EIO, "it is still there")
                : new HostFileException("write", path, Errno.EIO, "what was read back is not what was written");
        }
    }
}
