using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Kernels;

namespace XenDriverDomain.Commands;

/// <summary>Test-XenKernelConfig: what a kernel can be, dom0, driver domain, back end or guest, and what it lacks for that.</summary>
[Cmdlet(VerbsDiagnostic.Test, "XenKernelConfig")]
[OutputType(typeof(KernelFinding), typeof(bool))]
public sealed class TestXenKernelConfigCommand : Dom0Cmdlet
{
    /// <summary>
    /// Full paths on dom0 of configurations, kernel images or directories /lib/modules/RELEASE, without wildcards. Left out, the
    /// kernel that runs there.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [PropertyOf("Path", "FullName")]
    [ArgumentCompleter(typeof(KernelPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>What the kernel is to be used for. Left out, each of the roles is judged.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public KernelRole[] Role { get; set; } = Enum.GetValues<KernelRole>();

    /// <summary>Returns whether the kernel fits every role that is asked about, and no findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        if (Path is null)
        {
            Show(host, null);
            return;
        }

        foreach (string path in Path)
        {
            TryFor(path, () => Show(host, path));
        }
    });

    private void Show(HostSession host, string? path)
    {
        IReadOnlyList<KernelFinding> findings = Wait((_, token) => host.Kernels.TestAsync(path, Role, token));
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity != FindingSeverity.Error));
            return;
        }

        WriteObject(findings, enumerateCollection: true);
    }
}
