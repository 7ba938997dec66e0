using System.Management.Automation;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Errors;
using XenDriverDomain.Files;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Commands;

/// <summary>Save-XenDom0: records a host in a file, of which Connect-XenDom0 -Snapshot makes a simulated one.</summary>
[Cmdlet(VerbsData.Save, "XenDom0", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(SnapshotReport))]
public sealed class SaveXenDom0Command : Dom0Cmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private string _file = string.Empty;
    private string? _written;

    /// <summary>The file to write. A pattern must match exactly one file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The file to write, taken as it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Refuses to overwrite a file.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    private string Asked => ParameterSetName == LiteralPathSet ? LiteralPath : Path;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _file = Require(() => OutputFile.Resolve(
            SessionState.Path, Asked, isLiteral: ParameterSetName == LiteralPathSet, mustBeNew: NoClobber));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(Save);

    private void Save(HostSession host)
    {
        string id = host.Dom0.Id;
        if (_written is { } other)
        {
            throw new XenDriverDomainException(
                ModuleErrorIds.OutputFileExists,
                ErrorKind.AlreadyExists,
                $"'{Terminal.Text.Show(_file)}' holds the snapshot of {other} already; {id} would overwrite it.",
                "Record each host in a file of its own: Get-XenDom0 | ForEach-Object { Save-XenDom0 -Dom0 $_.Dom0 -Path "
                    + "\"./$($_.HostName).json\" }",
                id);
        }

        if (!ShouldProcess(_file, $"Write a snapshot of {id}"))
        {
            return;
        }

        SnapshotReport report = Wait(async (reporter, token) =>
        {
            reporter.Verbose($"Recording {id}");
            HostSnapshot snapshot = await host.Recorder.RecordAsync(token).ConfigureAwait(false);
            using MemoryStream content = new();
            snapshot.Write(content);
            await OutputFile.WriteAsync(_file, content.ToArray(), Asked, token).ConfigureAwait(false);
            return SnapshotReport.Of(id, snapshot) with { Path = _file, Length = content.Length };
        });
        _written = id;
        WriteObject(report);
    }
}
