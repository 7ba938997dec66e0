namespace XenDriverDomain.Session;

/// <summary>The ids of errors that belong to the cmdlets, not to the core; documented beside the core's.</summary>
public static class ModuleErrorIds
{
    /// <summary>A host is named that this session is not connected to, or none is named and there is no default.</summary>
    public const string Dom0NotConnected = nameof(Dom0NotConnected);

    /// <summary>A change would be made on this machine, which nobody named and which is no dom0.</summary>
    public const string Dom0NotChosen = nameof(Dom0NotChosen);

    /// <summary>It was asked whether to make a change, and nobody could answer.</summary>
    public const string NotConfirmed = nameof(NotConfirmed);

    /// <summary>This session is connected to that host already.</summary>
    public const string Dom0AlreadyConnected = nameof(Dom0AlreadyConnected);

    /// <summary>No driver domain has that name.</summary>
    public const string DriverDomainNotFound = nameof(DriverDomainNotFound);

    /// <summary>No running guest has that name.</summary>
    public const string GuestNotFound = nameof(GuestNotFound);

    /// <summary>The key file does not exist.</summary>
    public const string KeyFileNotFound = nameof(KeyFileNotFound);

    /// <summary>A path cannot be that of a file to write.</summary>
    public const string OutputPathInvalid = nameof(OutputPathInvalid);

    /// <summary>The file exists and must not be overwritten.</summary>
    public const string OutputFileExists = nameof(OutputFileExists);

    /// <summary>The file cannot be written.</summary>
    public const string OutputFileNotWritable = nameof(OutputFileNotWritable);

    /// <summary>The extension of a file stands for no format of a topology.</summary>
    public const string TopologyFormatUnknown = nameof(TopologyFormatUnknown);

    /// <summary>The file of a snapshot cannot be read.</summary>
    public const string SnapshotFileNotReadable = nameof(SnapshotFileNotReadable);

    /// <summary>No machine that could be simulated has that name.</summary>
    public const string MachineNotFound = nameof(MachineNotFound);

    /// <summary>The file of a machine to be simulated is no data file.</summary>
    public const string MachineFileMalformed = nameof(MachineFileMalformed);

    /// <summary>An object stands where the name of something else is taken.</summary>
    public const string WrongInputObject = nameof(WrongInputObject);

    /// <summary>A text with wildcards is no pattern.</summary>
    public const string PatternMalformed = nameof(PatternMalformed);

    /// <summary>No PCI device of the host is of a class that is called so.</summary>
    public const string PciClassUnknown = nameof(PciClassUnknown);

    /// <summary>No PCI device of the host is of a vendor that is called so.</summary>
    public const string PciVendorUnknown = nameof(PciVendorUnknown);

    /// <summary>No domain of the host is called so, and none has this domid.</summary>
    public const string BackendNotFound = nameof(BackendNotFound);

    /// <summary>There is no file of that name on this machine.</summary>
    public const string InputFileNotFound = nameof(InputFileNotFound);

    /// <summary>A file of this machine cannot be read.</summary>
    public const string InputFileNotReadable = nameof(InputFileNotReadable);
}
