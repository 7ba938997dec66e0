using System.Management.Automation;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;

namespace XenDriverDomain.Commands;

/// <summary>Import-XenPciPolicy: reads a policy file, xend's or today's, and shows which devices of the host each rule is about.</summary>
[Cmdlet(VerbsData.Import, "XenPciPolicy")]
[OutputType(typeof(PciPolicyEntry))]
public sealed class ImportXenPciPolicyCommand : Dom0Cmdlet
{
    /// <summary>Full paths on dom0 of policy files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [PropertyOf("Path", "FullName")]
    [ArgumentCompleter(typeof(PolicyPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string path in Path)
        {
            TryFor(path, () => WriteObject(Wait((_, token) => host.Policies.ReadAsync(path, token)), enumerateCollection: true));
        }
    });
}
