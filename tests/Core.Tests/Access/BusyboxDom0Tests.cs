using XenDriverDomain.Access;

namespace XenDriverDomain.Tests.Access;

[Needs(Needs.Ssh + " busybox")]
public sealed class BusyboxDom0Tests(BusyboxFixture fixture) : Dom0Contract, IClassFixture<BusyboxFixture>
{
    protected override IDom0Files Files => fixture.Connection.Files;

    private protected override IDom0Commands Commands => fixture.Connection.Commands;

    [Fact]
    public async Task The_far_side_really_is_busybox()
    {
        CommandResult result = await Commands.RunAsync(new CommandRequest("readlink", ["-f", "/proc/self/exe"]), default);

        Assert.EndsWith("/busybox\n", result.StandardOutput, StringComparison.Ordinal);
    }
}
