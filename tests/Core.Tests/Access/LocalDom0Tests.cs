using XenDriverDomain.Access;
using XenDriverDomain.Access.Local;

namespace XenDriverDomain.Tests.Access;

public sealed class LocalDom0Tests : Dom0Contract
{
    protected override IDom0Files Files { get; } = new LocalFiles();

    private protected override IDom0Commands Commands { get; } = new LocalCommands(TimeProvider.System);

    [Fact]
    public async Task A_recorded_tree_looks_like_the_host_it_was_taken_from()
    {
        Directory.CreateDirectory($"{Root}/sys/drivers/e1000e");
        Directory.CreateDirectory($"{Root}/sys/devices/0000:00:10.0");
        File.CreateSymbolicLink($"{Root}/sys/devices/0000:00:10.0/driver", "../../drivers/e1000e");
        File.WriteAllText($"{Root}/sys/devices/0000:00:10.0/vendor", "0x8086\n");
        var files = new LocalFiles(Root);

        Assert.Equal("/sys/drivers/e1000e", await files.ResolveAsync("/sys/devices/0000:00:10.0/driver", default));
        BulkAnswer answer = await files.ReadManyAsync(new BulkQuery(["/sys/devices/*/vendor"], [], []), default);
        Assert.Equal("0x8086", answer.Files["/sys/devices/0000:00:10.0/vendor"]);
    }
}
