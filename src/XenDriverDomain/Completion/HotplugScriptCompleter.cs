namespace XenDriverDomain.Completion;

/// <summary>Completes hotplug scripts on the host, where a driver domain has them as well.</summary>
internal sealed class HotplugScriptCompleter : HostPathCompleter
{
    private protected override string Folder => "/etc/xen/scripts/";
}
