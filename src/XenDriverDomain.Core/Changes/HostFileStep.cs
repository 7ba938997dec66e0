using XenDriverDomain.Access;

namespace XenDriverDomain.Changes;

/// <summary>Steps that write or delete a file of the host as a whole, read it back, and can put back what was there.</summary>
internal static class HostFileStep
{
    /// <summary>The most that is read of a file, which is more than any configuration has.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The step that gives a file its content; null when it has it.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">The file; its directory is made when it is missing.</param>
    /// <param name="content">What is to be in it; null when it is to be gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ChangeStep?> PlanAsync(IDom0Files files, string path, byte[]? content, CancellationToken cancellationToken)
    {
        byte[]? before = await files.TryReadAsync(path, MaxBytes, cancellationToken).ConfigureAwait(false);
        return FileIs.IsSame(before, content) ? null : Set(content is null ? $"Delete {path}" : $"Write {path}", path, content, before);
    }

    /// <summary>The same for a file whose content is known.</summary>
    /// <param name="description">What the step does, in words.</param>
    /// <param name="path">The file; its directory is made when it is missing.</param>
    /// <param name="content">What is to be in it; null when it is to be gone.</param>
    /// <param name="before">What is in it; null when it is not there.</param>
    public static ChangeStep Set(string description, string path, byte[]? content, byte[]? before) => new(description, Parts(path, content))
    {
        UndoDescription = before is null ? $"Delete {path}" : $"Restore {path}",
        Undo = Parts(path, before),
        IsUndoneAsync = (hand, token) => hand.HoldsAsync(new FileIs(path, before), token),
    };

    /// <summary>Gives a file its content, or deletes it, and reads back that it has it.</summary>
    public static IReadOnlyList<StepPart> Parts(string path, byte[]? content) =>
    [
        content is null ? new DeleteFile(path) : new ReplaceFile(path, content),
        new Look(async (hand, token) =>
        {
            if (!await hand.HoldsAsync(new FileIs(path, content), token).ConfigureAwait(false))
            {
                throw content is null
                    ? new HostFileException("delete", path, Errno.EIO, "it is still there")
                    : new HostFileException("write", path, Errno.EIO, "what was read back is not what was written");
            }
        }),
    ];
}
