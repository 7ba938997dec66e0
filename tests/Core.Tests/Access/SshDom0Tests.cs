using XenDriverDomain.Access;

namespace XenDriverDomain.Tests.Access;

[Needs(Needs.Ssh)]
public sealed class SshDom0Tests(SshFixture fixture) : Dom0Contract, IClassFixture<SshFixture>
{
    protected override IDom0Files Files => fixture.Connection.Files;

    private protected override IDom0Commands Commands => fixture.Connection.Commands;
}
