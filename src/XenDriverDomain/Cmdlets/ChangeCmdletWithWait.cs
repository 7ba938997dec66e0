using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Changes;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets whose change ends with waiting for something.</summary>
public abstract class ChangeCmdletWithWait : ChangeCmdlet
{
    /// <summary>How long to wait, in seconds or as a TimeSpan; when it passes, the change has failed.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = Patience.Effect;

    /// <summary>Returns without waiting, and without proof.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }
}
