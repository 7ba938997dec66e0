using XenDriverDomain.Access;

namespace XenDriverDomain.Images;

/// <summary>Something in an image's RAM disk.</summary>
/// <param name="Path">Absolute path in it.</param>
internal abstract record ImageEntry(string Path)
{
    /// <summary>Puts it into the archive.</summary>
    public abstract void AddTo(CpioArchive archive);

    /// <summary>All of it that makes an image another one, in a line.</summary>
    public abstract string Identity { get; }
}

/// <summary>A file of dom0's.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Source">Where dom0 has it, links followed.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its sum, in small hexadecimal digits.</param>
/// <param name="IsExecutable">Whether it is run.</param>
internal sealed record HostFileEntry(string Path, string Source, long Length, string Sha256, bool IsExecutable) : ImageEntry(Path)
{
    /// <inheritdoc/>
    public override void AddTo(CpioArchive archive) => archive.AddFile(Path, FilePiece.Of(Source, Length), IsExecutable);

    /// <inheritdoc/>
    public override string Identity => $"file {Path} {IsExecutable} {Sha256}";
}

/// <summary>A file of ours.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Content">What is in it.</param>
/// <param name="IsExecutable">Whether it is run.</param>
internal sealed record OwnFileEntry(string Path, byte[] Content, bool IsExecutable) : ImageEntry(Path)
{
    /// <inheritdoc/>
    public override void AddTo(CpioArchive archive) => archive.AddFile(Path, FilePiece.Of(Content), IsExecutable);

    /// <inheritdoc/>
    public override string Identity =>
        $"own {Path} {IsExecutable} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content))}";
}

/// <summary>A symbolic link.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Target">Where it leads.</param>
internal sealed record LinkEntry(string Path, string Target) : ImageEntry(Path)
{
    /// <inheritdoc/>
    public override void AddTo(CpioArchive archive) => archive.AddLink(Path, Target);

    /// <inheritdoc/>
    public override string Identity => $"link {Path} {Target}";
}

/// <summary>A directory.</summary>
/// <param name="Path">Where it is.</param>
internal sealed record DirectoryEntry(string Path) : ImageEntry(Path)
{
    /// <inheritdoc/>
    public override void AddTo(CpioArchive archive) => archive.AddDirectory(Path);

    /// <inheritdoc/>
    public override string Identity => $"directory {Path}";
}

/// <summary>The console, which the kernel opens for /init before anything is mounted.</summary>
internal sealed record ConsoleEntry() : ImageEntry("/dev/console")
{
    /// <inheritdoc/>
    public override void AddTo(CpioArchive archive) => archive.AddCharacterDevice(Path, 5, 1);

    /// <inheritdoc/>
    public override string Identity => "console";
}
