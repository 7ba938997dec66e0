namespace XenDriverDomain.Completion;

/// <summary>Completes configuration files on the host.</summary>
internal sealed class ConfigPathCompleter : HostPathCompleter
{
    private protected override string Folder => "/etc/xen/";
}
