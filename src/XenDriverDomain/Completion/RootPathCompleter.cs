namespace XenDriverDomain.Completion;

/// <summary>Completes where roots are: mount points, images, block devices on the host.</summary>
internal sealed class RootPathCompleter : HostPathCompleter
{
    private protected override string Folder => "/mnt/";
}
