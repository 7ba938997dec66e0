namespace XenDriverDomain.Completion;

/// <summary>Completes policy files on dom0.</summary>
internal sealed class PolicyPathCompleter : HostPathCompleter
{
    private protected override string Folder => "/etc/xen/";
}
