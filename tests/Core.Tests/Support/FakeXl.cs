using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Support;

/// <summary>
/// The part of xl 4.17 that moves devices, done as libxl does it (libxl_pci.c), its records and missing rollback included. A guest
/// that has a device is one whose address is in <see cref="InUse"/>.
/// </summary>
internal sealed class FakeXl(FakePciback kernel, FakeXenStore store, Sabotage sabotage) : IXl
{
    /// <summary>What FindAsync says.</summary>
    public XlInstallation Installation { get; set; } = new("/usr/sbin/xl", new Version(4, 17)) { HasIommu = true };

    /// <summary>True when there is no xl.</summary>
    public bool IsMissing { get; set; }

    /// <summary>Devices in quarantine.</summary>
    public HashSet<string> Quarantined { get; } = [];

    /// <summary>Devices that Xen gave to a guest.</summary>
    public HashSet<string> InUse { get; } = [];

    /// <summary>The runs, as command lines.</summary>
    public List<string> Runs { get; } = [];

    /// <summary>Which runs do nothing and report success.</summary>
    public Func<string, bool>? Lies { get; set; }

    /// <summary>Called before each run.</summary>
    public Action? Before { get; set; }

    public ValueTask<XlInstallation> FindAsync(CancellationToken cancellationToken) => IsMissing
        ? throw new XenDriverDomainException(ErrorIds.XlNotFound, ErrorKind.NotInstalled, "There is no xl.", "Install it.")
        : ValueTask.FromResult(Installation);

    public ValueTask<XlInfo> GetInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<XlResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string line = string.Join(' ', arguments);
        Runs.Add(line);
        Before?.Invoke();
        if (sabotage.Strikes("xl " + line))
        {
            return ValueTask.FromResult(new XlResult(arguments, 1, string.Empty, [Error("sabotaged")]));
        }

        if (Lies?.Invoke(line) == true)
        {
            return ValueTask.FromResult(new XlResult(arguments, 0, string.Empty, []));
        }

        XlMessage[] said = arguments[0] == "pci-assignable-add" && kernel.DriverOf(arguments[^1]) == "pciback"
            ? [new XlMessage(XlSeverity.Warning, "libxl_pci.c:1:test", null, $"{arguments[^1]} already assigned to pciback")]
            : [];
        string? complaint = arguments[0] switch
        {
            "pci-assignable-add" => Add(arguments[^1], arguments.Count == 4 ? arguments[2] : null),
            "pci-assignable-remove" => Remove(arguments[^1], rebind: arguments.Contains("-r")),
            _ => throw new NotSupportedException(line),
        };
        return ValueTask.FromResult(
            new XlResult(arguments, complaint is null ? 0 : 1, string.Empty, complaint is null ? said : [.. said, Error(complaint)]));
    }

    private static XlMessage Error(string text) => new(XlSeverity.Error, "libxl_pci.c:1:test", null, text);

    private static string Key(string address) => "/libxl/pci/" + PciAddress.Parse(address).XenStoreKey;

    private string? Add(string address, string? name)
    {
        if (!kernel.Files.Exists("/sys/bus/pci/drivers/pciback"))
        {
            return "Looks like pciback driver is not loaded";
        }

        string? driver = kernel.DriverOf(address);
        if (driver != "pciback")
        {
            if (driver is not null)
            {
                kernel.Unbind(address, driver);
                store[Key(address) + "/driver_path"] = "/sys/bus/pci/drivers/" + driver;
            }

            kernel.NewSlot(address);
            if (kernel.Bind(address, "pciback") is not null)
            {
                return "Couldn't bind device to pciback!";
            }
        }

        store[Key(address) + "/name"] = name;
        if (Installation.HasIommu == false || InUse.Contains(address))
        {
            return $"failed to quarantine {address}";
        }

        Quarantined.Add(address);
        return null;
    }

    private string? Remove(string address, bool rebind)
    {
        if (!Quarantined.Remove(address))
        {
            return $"failed to de-quarantine {address}";
        }

        kernel.Unbind(address, "pciback");
        kernel.RemoveSlot(address);
        if (rebind && store[Key(address) + "/driver_path"] is { } path)
        {
            if (kernel.Bind(address, path[(path.LastIndexOf('/') + 1)..]) is Errno)
            {
                return $"Couldn't bind device to {path}";
            }

            store.Remove(Key(address) + "/driver_path");
        }

        store.Remove(Key(address) + "/name");
        return null;
    }
}
