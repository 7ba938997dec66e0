namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A path to a root is not absolute, has characters that cannot be asked for, or is dom0's own root.</summary>
    public const string RootPathInvalid = nameof(RootPathInvalid);

    /// <summary>Nothing at the path, or something that is neither a directory, a file nor a block device.</summary>
    public const string RootNotFound = nameof(RootNotFound);

    /// <summary>What is at the path is no root of an installed system.</summary>
    public const string RootNotRecognised = nameof(RootNotRecognised);

    /// <summary>An image or device is mounted, or a disk of a domain.</summary>
    public const string RootImageInUse = nameof(RootImageInUse);

    /// <summary>An image has partitions, and is no file system itself.</summary>
    public const string RootImagePartitioned = nameof(RootImagePartitioned);

    /// <summary>An image cannot be mounted.</summary>
    public const string RootImageNotMounted = nameof(RootImageNotMounted);

    /// <summary>An image that was mounted cannot be taken off.</summary>
    public const string RootImageStillMounted = nameof(RootImageStillMounted);

    /// <summary>dom0's programs cannot run in the root: another libc, or older libraries.</summary>
    public const string RootCopyDoesNotFit = nameof(RootCopyDoesNotFit);

    /// <summary>A program that copies, links or makes directories in the root ended badly.</summary>
    public const string RootChangeFailed = nameof(RootChangeFailed);

    /// <summary>xl is not in the root.</summary>
    public const string RootXlMissing = nameof(RootXlMissing);

    /// <summary>The tools that the hotplug scripts call are not in the root.</summary>
    public const string RootXenStoreToolsMissing = nameof(RootXenStoreToolsMissing);

    /// <summary>The hotplug scripts are not in the root, or not where dom0 has them.</summary>
    public const string RootScriptsMissing = nameof(RootScriptsMissing);

    /// <summary>bash, in which the hotplug scripts are written, is not in the root.</summary>
    public const string RootBashMissing = nameof(RootBashMissing);

    /// <summary>ip, with which bridges are made, is not in the root.</summary>
    public const string RootIpMissing = nameof(RootIpMissing);

    /// <summary>The init system of the root is not known.</summary>
    public const string RootInitUnknown = nameof(RootInitUnknown);

    /// <summary>Xen's tools in the root are of another version than the host's Xen.</summary>
    public const string RootXenVersionDiffers = nameof(RootXenVersionDiffers);

    /// <summary>A kernel in the root lacks a driver, or there are no modules at all.</summary>
    public const string RootModuleMissing = nameof(RootModuleMissing);

    /// <summary>Nothing loads a back end's module at boot.</summary>
    public const string RootModuleNotLoaded = nameof(RootModuleNotLoaded);

    /// <summary>The folder of Xen's logs is missing, without which the hotplug scripts fail.</summary>
    public const string RootLogFolderMissing = nameof(RootLogFolderMissing);

    /// <summary>Nothing starts <c>xl devd</c> at boot.</summary>
    public const string RootDevdNotEnabled = nameof(RootDevdNotEnabled);

    /// <summary>A service is started that belongs into dom0.</summary>
    public const string RootDom0ServiceEnabled = nameof(RootDom0ServiceEnabled);

    /// <summary>Nothing makes the bridge at boot.</summary>
    public const string RootBridgeMissing = nameof(RootBridgeMissing);

    /// <summary>Nobody can log in on Xen's console.</summary>
    public const string RootConsoleMissing = nameof(RootConsoleMissing);
}
