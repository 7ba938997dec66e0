using System.Management.Automation;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Cmdlets;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenPciPolicy: the host's own policy, the devices each rule is about, and those for which it is in effect.</summary>
[Cmdlet(VerbsCommon.Get, "XenPciPolicy")]
[OutputType(typeof(PciPolicyEntry))]
public sealed class GetXenPciPolicyCommand : Dom0Cmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
        WriteObject(Wait((_, token) => host.Policies.GetAsync(token)), enumerateCollection: true));
}
