namespace XenDriverDomain.Completion;

/// <summary>Completes kernels and initial RAM disks on the host.</summary>
internal sealed class BootPathCompleter : HostPathCompleter
{
    private protected override string Folder => "/boot/";
}
