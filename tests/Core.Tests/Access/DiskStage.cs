namespace XenDriverDomain.Tests.Access;

/// <summary>A tree on this machine's disk.</summary>
internal sealed class DiskStage : IFileStage
{
    public void Put(string path, byte[] content, UnixFileMode mode)
    {
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, mode);
    }

    public void Link(string path, string target) => File.CreateSymbolicLink(path, target);

    public void MakeDirectory(string path) => Directory.CreateDirectory(path);

    public byte[] Content(string path) => File.ReadAllBytes(path);

    public string? TargetOf(string path) => new FileInfo(path).LinkTarget;

    public UnixFileMode ModeOf(string path) => File.GetUnixFileMode(path);

    public IEnumerable<string> Names(string directory) => Directory.GetFileSystemEntries(directory).Select(path => Path.GetFileName(path));
}
