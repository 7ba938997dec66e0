using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.DriverDomains;

public sealed class NewDriverDomainTests : IAsyncDisposable
{
    private const string Path = "/etc/xen/driver-domains/netdd.cfg";
    private readonly DriverDomainHost _host = new();

    private static NewDriverDomainRequest Request => new()
    {
        Name = "netdd",
        PciDevice = [PciAddress.Parse("0000:00:10.0")],
        MemoryMB = 384,
        Kernel = "/root/vmlinuz",
        Ramdisk = "/root/guest.gz",
        CommandLine = "console=hvc0 role=dd",
        Bridge = "xenbr0",
    };

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_writes_a_file_that_xl_reads_as_a_driver_domain()
    {
        DriverDomain made = await NewAsync(Request with { Permissive = true });

        string text = _host.Files.Text(Path)!;
        Assert.Contains("name = \"netdd\"\n", text, StringComparison.Ordinal);
        Assert.Contains("driver_domain = 1\n", text, StringComparison.Ordinal);
        Assert.Contains("pci = [ '0000:00:10.0,permissive=1' ]\n", text, StringComparison.Ordinal);
        Assert.Contains("# XenDriverDomain: bridge=xenbr0\n", text, StringComparison.Ordinal);
        Assert.Equal((ReadinessState.NotRunning, null, Path, "xenbr0"), (made.Readiness, made.Domid, made.ConfigPath, made.Bridge));
        Assert.Equal([PciAddress.Parse("0000:00:10.0")], made.PciDevice);
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task It_starts_it_when_asked_and_says_that_it_serves()
    {
        DriverDomain made = await NewAsync(Request with { Start = new StartOptions() });

        Assert.Equal([$"create {Path}"], _host.Commands);
        Assert.Equal((1, ReadinessState.Serving, DomainState.Blocked), (made.Domid, made.Readiness, made.State));
        Assert.Contains("the bridge xenbr0 is there", made.ReadinessDetail, StringComparison.Ordinal);
        Assert.Equal([PciAddress.Parse("0000:00:10.0")], made.PciDevice);
        Assert.Empty(await _host.ProbeRemainsAsync());
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "pvh", ErrorIds.PciOnPvh },
        { "pod", ErrorIds.PciWithPopulateOnDemand },
        { "digits", ErrorIds.DomainNameInvalid },
        { "nodevice", ErrorIds.DriverDomainDeviceMissing },
        { "twice", ErrorIds.PciDeviceTwice },
        { "nokernel", ErrorIds.NothingToBoot },
        { "kernelmissing", ErrorIds.DriverDomainFileNotFound },
        { "ramdiskrelative", ErrorIds.DriverDomainFileNotFound },
        { "memory", ErrorIds.MemoryOutOfBounds },
        { "bridge", ErrorIds.InterfaceNameMalformed },
        { "path", ErrorIds.DomainConfigPathInvalid },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_work_is_refused_before_anything_is_touched(string what, string errorId)
    {
        NewDriverDomainRequest request = what switch
        {
            "pvh" => Request with { Type = DomainType.PVH },
            "pod" => Request with { Type = DomainType.HVM, MaxMemoryMB = 512 },
            "digits" => Request with { Name = "42" },
            "nodevice" => Request with { PciDevice = [] },
            "twice" => Request with { PciDevice = [.. Request.PciDevice, .. Request.PciDevice] },
            "nokernel" => Request with { Kernel = null },
            "kernelmissing" => Request with { Kernel = "/root/nothing" },
            "ramdiskrelative" => Request with { Ramdisk = "guest.gz" },
            "memory" => Request with { MemoryMB = 0 },
            "bridge" => Request with { Bridge = "xenbr0,backend=0" },
            _ => Request with { Path = "netdd.cfg" },
        };

        await RefusedAsync(request, errorId);
    }

    [Theory]
    [InlineData(PciDeviceState.Host, "e1000e")]
    [InlineData(PciDeviceState.Assigned, "other")]
    [InlineData(PciDeviceState.Stale, "gone")]
    [InlineData(PciDeviceState.Listed, "Add-XenPciAssignable")]
    public async Task A_device_that_no_domain_can_get_is_refused_with_who_has_it(PciDeviceState state, string said)
    {
        string card = DriverDomainHost.Card;
        switch (state)
        {
            case PciDeviceState.Host:
                _host.Xl("pci-assignable-remove", "-r", card);
                break;
            case PciDeviceState.Assigned:
                _host.Run("other", true, card);
                break;
            case PciDeviceState.Stale:
                _host.Store["/libxl/pci/0000-00-10-0/domid"] = "7";
                break;
            case PciDeviceState.Listed:
                _host.Simulation.WriteFile("/sys/bus/pci/drivers/pciback/unbind", card);
                break;
        }

        XenDriverDomainException refused = await RefusedAsync(Request, ErrorIds.DriverDomainDeviceNotAssignable);

        Assert.Contains(said, refused.Message + refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_runs_or_has_a_file_is_refused()
    {
        _host.Files.Put(Path, "name = \"netdd\"\n");
        await RefusedAsync(Request, ErrorIds.DomainAlreadyExists);

        _host.Files.Remove(Path);
        _host.Run("netdd");
        await RefusedAsync(Request, ErrorIds.DomainAlreadyExists);
    }

    [Fact]
    public async Task A_file_that_says_something_else_is_refused_by_what_differs()
    {
        const string Text = """
            # XenDriverDomain: bridge=xenbr0
            name = "netdd"
            type = "pv"
            memory = 384
            vcpus = 1
            kernel = "/root/vmlinuz"
            ramdisk = "/root/guest.gz"
            cmdline = "console=hvc0 role=dd"
            driver_domain = 1
            pci = [ "0000:00:10.0" ]

            """;
        _host.Files.Put(Path, Text);
        string[] more = [.. Enumerable.Range(0, 9).Select(i => $"key{i} = \"{new string('x', 500)}\"\n")];

        XenDriverDomainException other = await RefusedAsync(
            Request with { MemoryMB = 512, Vcpus = 2, Bridge = "xenbr1" }, ErrorIds.DomainAlreadyExists);
        Assert.Contains(
            "memory is 384 instead of 512, vcpus is 1 instead of 2, the bridge is xenbr0 instead of xenbr1.",
            other.Message, StringComparison.Ordinal);
        Assert.Contains("Start-XenDriverDomain", other.Remedy, StringComparison.Ordinal);

        _host.Files.Put(Path, Text + string.Concat(more));
        XenDriverDomainException long9 = await RefusedAsync(Request, ErrorIds.DomainAlreadyExists);
        Assert.Contains("and 4 more", long9.Message, StringComparison.Ordinal);
        Assert.Contains("instead of not set", long9.Message, StringComparison.Ordinal);
        Assert.True(long9.Message.Length < 1000, long9.Message);

        _host.Files.Put(Path, "name = \n");
        await RefusedAsync(Request, ErrorIds.DomainAlreadyExists);
    }

    /// <summary>"Comments and settings that you add are kept", says the file; a comment is no other request.</summary>
    [Fact]
    public async Task A_comment_that_somebody_added_does_not_matter()
    {
        await NewAsync(Request);
        string text = "# mine\n" + _host.Files.Text(Path)!.Replace("memory = 384", "memory = '384' # enough", StringComparison.Ordinal);
        _host.Files.Put(Path, text);

        DriverDomain made = await NewAsync(Request with { Start = new StartOptions() });

        Assert.Equal(ReadinessState.Serving, made.Readiness);
        Assert.Equal(text, _host.Files.Text(Path));
    }

    [Fact]
    public async Task The_same_request_again_goes_on_where_a_killed_run_stopped()
    {
        await NewAsync(Request);

        DriverDomain made = await NewAsync(Request with { Start = new StartOptions() });

        Assert.Equal(ReadinessState.Serving, made.Readiness);
        Assert.Single(_host.Ports.Replaced);
    }

    [Fact]
    public async Task The_same_request_again_waits_for_the_domain_that_a_broken_off_run_started()
    {
        await NewAsync(Request with { Start = new StartOptions { NoWait = true } });

        DriverDomain made = await NewAsync(Request with { Start = new StartOptions() });

        Assert.Equal((1, ReadinessState.Serving), (made.Domid, made.Readiness));
        Assert.Equal([$"create {Path}"], _host.Commands);
        XenDriverDomainException refused = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => NewAsync(Request with { MemoryMB = 512, Start = new StartOptions() }));
        Assert.Equal(ErrorIds.DomainAlreadyExists, refused.ErrorId);
    }

    [Fact]
    public async Task A_device_that_another_file_lists_is_told()
    {
        await NewAsync(Request);

        await NewAsync(Request with { Name = "second" });

        Assert.Contains(
            _host.Log.Warnings, w => w.Contains(Path, StringComparison.Ordinal) && w.Contains("00:10.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_start_fails_the_file_goes_as_well()
    {
        _host.OnCommand = line => line.StartsWith("create", StringComparison.Ordinal)
            ? DriverDomainHost.Failure(3, "PCI device 0:0:10.0 is not assignable")
            : null;

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(
            () => NewAsync(Request with { Start = new StartOptions() }));

        Assert.Equal(ErrorIds.DriverDomainDeviceNotAssignable, failed.ErrorId);
        Assert.False(_host.Files.Exists(Path));
        Assert.Contains("netdd does not run", failed.Message, StringComparison.Ordinal);
    }

    private Task<DriverDomain> NewAsync(NewDriverDomainRequest request) =>
        _host.RunAsync(_host.DriverDomains.PlanNewAsync(request, CancellationToken.None));

    private async Task<XenDriverDomainException> RefusedAsync(NewDriverDomainRequest request, string errorId)
    {
        XenDriverDomainException refused = await Assert.ThrowsAnyAsync<XenDriverDomainException>(
            () => _host.DriverDomains.PlanNewAsync(request, CancellationToken.None));
        Assert.Equal(errorId, refused.ErrorId);
        Assert.NotEmpty(refused.Remedy);
        Assert.Empty(_host.Ports.Replaced);
        Assert.Empty(_host.Commands);
        return refused;
    }
}
