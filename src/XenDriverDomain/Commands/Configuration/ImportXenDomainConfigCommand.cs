using System.Management.Automation;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Commands;

/// <summary>Import-XenDomainConfig: reads configuration files of this machine, of xl, xm or in SXP, into one model.</summary>
[Cmdlet(VerbsData.Import, "XenDomainConfig", DefaultParameterSetName = PathSet)]
[OutputType(typeof(XenDomainConfig))]
public sealed class ImportXenDomainConfigCommand : ConfigFileCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachFile(WriteObject);
}
