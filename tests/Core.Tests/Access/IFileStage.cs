namespace XenDriverDomain.Tests.Access;

/// <summary>A tree of files that is arranged and looked at without the port under test.</summary>
public interface IFileStage
{
    /// <summary>What a new file's mode is.</summary>
    const UnixFileMode Default = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    void Put(string path, byte[] content, UnixFileMode mode = Default);

    void Put(string path, string text) => Put(path, System.Text.Encoding.UTF8.GetBytes(text));

    void Link(string path, string target);

    void MakeDirectory(string path);

    byte[] Content(string path);

    string? TargetOf(string path);

    UnixFileMode ModeOf(string path);

    IEnumerable<string> Names(string directory);
}
