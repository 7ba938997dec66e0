using XenDriverDomain.Access;
using XenDriverDomain.Tests.Pci;
using XenDriverDomain.Traces;

namespace XenDriverDomain.Tests.Traces;

/// <summary>When traces were written, and what is listed where not all can be read.</summary>
public sealed class HostFootprintTests
{
    private const string Configuration = "/etc/xen/driver-domains/netdd.cfg";
    private const string Copy = "/etc/default/grub.xdd-backup";

    [Fact]
    public async Task A_file_tells_when_it_was_written_and_a_copy_when_it_was_made()
    {
        PciWorld world = World();
        world.Commands.On("stat", $"1700000000 1700000100 {Configuration}\n1600000000 1700000200 {Copy}\nnonsense\n");

        IReadOnlyList<HostTrace> traces = await ListAsync(world);

        Assert.Equal(
            [
                (HostTraceKind.DriverDomain, new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc)),
                (HostTraceKind.Copy, new DateTime(2023, 11, 14, 22, 16, 40, DateTimeKind.Utc)),
                (HostTraceKind.Folder, (DateTime?)null),
            ],
            traces.Select(trace => (trace.Kind, trace.Written)));
        Assert.Equal(DateTimeKind.Utc, traces[0].Written!.Value.Kind);
        CommandRequest asked = Assert.Single(world.Commands.Requests, request => request.Program == "stat");
        Assert.True(asked.OnlyLooks);
    }

    [Theory]
    [InlineData("0 0 " + Configuration + "\n")]
    [InlineData("-5 99999999999999999999 " + Configuration + "\n")]
    [InlineData("")]
    public async Task A_time_that_is_none_is_left_out(string answer)
    {
        PciWorld world = World();
        world.Commands.On("stat", answer);

        Assert.All(await ListAsync(world), trace => Assert.Null(trace.Written));
    }

    [Fact]
    public async Task Without_the_program_and_without_xenstored_the_files_are_listed()
    {
        PciWorld world = World().WithoutXenStore();

        Assert.Equal([Configuration, Copy, "/etc/xen/driver-domains"], (await ListAsync(world)).Select(trace => trace.Path));
    }

    [Fact]
    public async Task A_boot_file_that_cannot_be_read_is_told_and_the_rest_is_listed()
    {
        PciWorld world = World();
        world.Commands.On("stat", string.Empty);
        world.Files.Put("/etc/modules", new string('x', 2 * 1024 * 1024));

        Assert.Contains(await ListAsync(world), trace => trace.Path == Configuration);
        Assert.Contains("/etc/modules", Assert.Single(world.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_cmdlets_are_told_the_host()
    {
        PciWorld world = World();
        world.Commands.On("stat", string.Empty);

        IReadOnlyList<HostTrace> traces = await new HostFootprint(world.Dom0).ListAsync(" -Dom0 'a'", default);

        Assert.Equal(
            ["Remove-XenDriverDomain -Name netdd -Dom0 'a'", $"rm -f {Copy}", "rmdir /etc/xen/driver-domains"],
            traces.Select(trace => trace.Remedy));
    }

    [Fact]
    public async Task What_lies_about_in_run_is_listed_once_where_it_has_two_names()
    {
        PciWorld world = World();
        world.Commands.On("stat", string.Empty);
        world.Files.Put(
            "/run/xen-driver-domain/lock", "77 1\n2026-11-30T10:00:00Z\nroot at xen1\nover SSH\nAdd-XenPciAssignable\u001b[2J\n");
        world.Files.Link("/var/run", "/run");

        HostTrace held = Assert.Single(await ListAsync(world), trace => trace.Kind == HostTraceKind.Lock);

        Assert.Equal("/run/xen-driver-domain/lock", held.Path);
        Assert.Contains("root at xen1", held.What, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', held.What);
    }

    private static PciWorld World()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Put(Configuration, "# Written by XenDriverDomain. Comments and settings that you add are kept.\nname = \"netdd\"\n");
        world.Files.Put(Copy, "x");
        return world;
    }

    private static Task<IReadOnlyList<HostTrace>> ListAsync(PciWorld world) =>
        new HostFootprint(world.Dom0).ListAsync(string.Empty, default);
}
