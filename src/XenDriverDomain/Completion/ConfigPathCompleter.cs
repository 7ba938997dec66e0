namespace XenDriverDomain.Completion;

/// <summary>Completes configuration files on the host.</summary>
public sealed class ConfigPathCompleter : HostPathCompleter
{
    private protected override string Folder => "/etc/xen/";
}
