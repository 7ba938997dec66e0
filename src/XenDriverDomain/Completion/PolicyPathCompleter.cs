namespace XenDriverDomain.Completion;

/// <summary>Completes policy files on dom0.</summary>
public sealed class PolicyPathCompleter : HostPathCompleter
{
    private protected override string Folder => "/etc/xen/";
}
