using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Tests.Access;

/// <summary>The files of the simulated dom0 keep the contract of the real ones.</summary>
public sealed class SimulatedFilesTests : FilesContract, IFileStage, IDisposable
{
    private readonly SimulatedTime _time = new();
    private readonly SimulatedFiles _files;

    public SimulatedFilesTests()
    {
        _files = new SimulatedFiles(_time, new NoFaults());
        _files.MakeDirectory(Root);
        _files.PutDevice("/dev/null");
        _files.PutDevice("/dev/zero", isEndless: true);
        _files.PutDevice("/dev/full", storeFails: Errno.ENOSPC);
    }

    protected override IDom0Files Files => _files;

    protected override IFileStage Stage => this;

    protected override string Root => "/stage";

    public void Dispose() => _time.Dispose();

    void IFileStage.Put(string path, byte[] content, UnixFileMode mode) => _files.Put(path, content, (int)mode);

    void IFileStage.Link(string path, string target) => _files.Link(path, target);

    void IFileStage.MakeDirectory(string path) => _files.MakeDirectory(path);

    byte[] IFileStage.Content(string path) => ((OrdinaryFile)_files.Find(path, followLast: true, out _)!.Value.Node).Content;

    string? IFileStage.TargetOf(string path) => _files.TargetOf(path);

    UnixFileMode IFileStage.ModeOf(string path) => (UnixFileMode)_files.Find(path, followLast: true, out _)!.Value.Node.Mode;

    IEnumerable<string> IFileStage.Names(string directory) => _files.Names(directory);
}
