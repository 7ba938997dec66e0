using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Domains.Files;

/// <summary>The step that writes a configuration file on dom0 as a whole, reads it back, and can put back what was there.</summary>
internal static class ConfigFileStep
{
    /// <summary>The step.</summary>
    /// <param name="files">The files of dom0.</param>
    /// <param name="description">What it does, in words.</param>
    /// <param name="path">The file; its directory is made when it is missing.</param>
    /// <param name="content">What it will say.</param>
    /// <param name="before">What it says now; null when it is not there.</param>
    public static ChangeStep Write(IDom0Files files, string description, string path, byte[] content, byte[]? before) => new(
        description,
        async token =>
        {
            if (before is null)
            {
                await files.CreateDirectoryAsync(path[..path.LastIndexOf('/')] is { Length: > 0 } above ? above : "/", token).ConfigureAwait(false);
            }

            await files.ReplaceAsync(path, content, token).ConfigureAwait(false);
            byte[] read = await files.ReadAsync(path, XlConfigDocument.MaxBytes, token).ConfigureAwait(false);
            if (!read.AsSpan().SequenceEqual(content))
            {
                throw new HostFileException("write", path, Errno.EIO, "what was read back is not what was written");
            }
        })
    {
        UndoDescription = before is null ? $"Delete {path}" : $"Restore {path}",
        UndoAsync = async token =>
        {
            if (before is null)
            {
                await files.DeleteAsync(path, token).ConfigureAwait(false);
            }
            else
            {
                await files.ReplaceAsync(path, before, token).ConfigureAwait(false);
            }
        },
    };
}
