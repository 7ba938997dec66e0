using XenDriverDomain.Access;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.Tests.Xl;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;
using ScriptedCommands = XenDriverDomain.Tests.Xl.ScriptedCommands;

namespace XenDriverDomain.Tests.Domains;

public class DomainDirectoryTests
{
    private const string Uuid = "28e19581-70d6-4758-aa58-b202bac463d1";

    // xl list's table after a driver domain was destroyed under its client, with a name wider than the column.
    private const string Table = """
        Name                                        ID   Mem VCPUs	State	Time(s)
        Domain-0                                     0  1200     1     r-----     150.6
        fe1                                          2   320     1     -b----      23.1
        ddpvh                                        6   384     1     ---sc-       4.8
        a-name-that-is-wider-than-the-forty-columns-it-gets    14   128     2     --p---       0.5
        (null)                                       5     0     1     --ps-d      16.3

        """;

    [Fact]
    public async Task All_domains_are_listed_with_their_states_even_those_xenstore_has_lost()
    {
        StoreAtHand store = new StoreAtHand().Domain(0, "Domain-0", type: null).Domain(2, "fe1", uuid: Uuid)
            .Domain(6, "ddpvh", type: "pvh").Domain(14, "a-name-that-is-wider-than-the-forty-columns-it-gets")
            .Domain(9, "left-behind", introduced: false);

        IReadOnlyList<DomainInfo> domains = await WithAsync(store, Table, d => d.ListAsync(default));

        Assert.Equal([0, 2, 5, 6, 14], domains.Select(d => d.Domid));
        Assert.Equal(
            [DomainState.Running, DomainState.Blocked, DomainState.Dying, DomainState.Crashed, DomainState.Paused],
            domains.Select(d => d.State));
        Assert.Equal(new DomainInfo(2, "fe1", Guid.Parse(Uuid), DomainState.Blocked)
        {
            MemoryMB = 320,
            Vcpus = 1,
            Type = DomainType.PV,
        }, domains[1]);
        Assert.Equal("(null)", domains[2].Name);
        Assert.Equal(DomainType.PVH, domains[3].Type);
        Assert.Equal("a-name-that-is-wider-than-the-forty-columns-it-gets", domains[4].Name);
    }

    [Theory]
    [InlineData("r-----", DomainState.Running)]
    [InlineData("------", DomainState.Running)]
    [InlineData("-b----", DomainState.Blocked)]
    [InlineData("--ps--", DomainState.Shutdown)]
    [InlineData("---sr-", DomainState.Shutdown)]
    [InlineData("---sc-", DomainState.Crashed)]
    [InlineData("-b---d", DomainState.Dying)]
    public async Task State_letters_mean_what_the_manual_says(string letters, DomainState expected)
    {
        string table = $"Name                                        ID   Mem VCPUs\tState\tTime(s)\nx 1 64 1 {letters} 0.1\n";
        IReadOnlyList<DomainInfo> domains = await WithAsync(new StoreAtHand(), table, d => d.ListAsync(default));
        Assert.Equal(expected, Assert.Single(domains).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Usage: xl list\n")]
    [InlineData("Name  ID   Mem VCPUs\tState\tTime(s)\nfe1 two 320 1 -b---- 1.0\n")]
    [InlineData("Name  ID   Mem VCPUs\tState\tTime(s)\nfe1 2 320\n")]
    [InlineData("Name  ID   Mem VCPUs\tState\tTime(s)\nfe1 2 320 1 -b---- 1.0\nfe2 2 320 1 -b---- 1.0\n")]
    public async Task A_table_that_is_none_is_an_error_not_an_empty_host(string table)
    {
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => WithAsync(new StoreAtHand(), table, d => d.ListAsync(default)));
        Assert.Equal(ErrorIds.XlOutputNotUnderstood, error.ErrorId);
    }

    [Fact]
    public async Task A_list_that_xl_cannot_make_is_an_error_not_an_empty_host()
    {
        await using Dom0 dom0 = ScriptedHost.Create(
            new ScriptedCommands().Answer("xl list", 1, error: "libxl_list_domain failed.\n"),
            store: await new StoreAtHand().ConnectAsync());
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => new DomainDirectory(dom0, new XlTool(dom0)).ListAsync(default));
        Assert.Equal(ErrorIds.XlCommandFailed, error.ErrorId);
    }

    [Fact]
    public async Task A_name_is_resolved_without_running_xl()
    {
        StoreAtHand store = new StoreAtHand().Domain(0, "Domain-0").Domain(7, "netdd", uuid: Uuid)
            .Node("/local/domain/7/memory/target", "393216");
        ScriptedCommands commands = new();
        await using Dom0 dom0 = ScriptedHost.Create(commands, store: await store.ConnectAsync());

        DomainInfo domain = await new DomainDirectory(dom0, new XlTool(dom0)).ResolveAsync(DomainRef.Parse("netdd"), default);

        Assert.Equal(
            (7, "netdd", Guid.Parse(Uuid), DomainType.PV, 384), (domain.Domid, domain.Name, domain.Uuid, domain.Type, domain.MemoryMB));
        Assert.Equal(DomainState.Unknown, domain.State);
        Assert.Empty(commands.Requests);
    }

    [Fact]
    public async Task Digits_are_a_domid_and_never_a_name()
    {
        StoreAtHand store = new StoreAtHand().Domain(0, "Domain-0").Domain(4, "7").Domain(7, "netdd");
        Assert.Equal("netdd", (await WithAsync(store, "", d => d.ResolveAsync(DomainRef.Parse("7"), default))).Name);
    }

    [Fact]
    public async Task Dom0_is_found_by_name_and_by_domid()
    {
        IXenStoreClient store = await new StoreAtHand().Domain(0, "Domain-0").ConnectAsync();

        // As an xenstored that is told of all domains but the one that it runs in.
        WatchedPorts ports = new(ScriptedHost.Create(new ScriptedCommands(), store: store)) { Unknown = { 0 } };
        await using Dom0 dom0 = ports.Dom0;
        DomainDirectory directory = new(dom0, new XlTool(dom0));
        Assert.Equal(0, (await directory.ResolveAsync(DomainRef.Parse("Domain-0"), default)).Domid);
        Assert.Equal("Domain-0", (await directory.ResolveAsync(DomainRef.FromDomid(0), default)).Name);
    }

    [Fact]
    public async Task A_name_that_two_domains_have_is_refused_with_both_domids()
    {
        StoreAtHand store = new StoreAtHand().Domain(3, "netdd").Domain(8, "netdd").Domain(9, "netdd", introduced: false);
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => WithAsync(store, "", d => d.TryResolveAsync(DomainRef.Parse("netdd"), default)));
        Assert.Equal(ErrorIds.DomainNameAmbiguous, error.ErrorId);
        Assert.Contains("domid 3, domid 8.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_the_wrong_case_is_not_found_but_the_right_one_is_shown()
    {
        StoreAtHand store = new StoreAtHand().Domain(3, "NetDD");
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => WithAsync(store, "", d => d.ResolveAsync(DomainRef.Parse("netdd"), default)));
        Assert.Equal(ErrorIds.DomainNotFound, error.ErrorId);
        Assert.Contains("'NetDD'", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9")]
    [InlineData("left-behind")]
    [InlineData("11")]
    [InlineData("nobody")]
    public async Task What_is_left_of_a_dead_domain_is_no_domain(string reference)
    {
        StoreAtHand store = new StoreAtHand().Domain(9, "left-behind", introduced: false).Domain(11, name: null);
        Assert.Null(await WithAsync(store, "", d => d.TryResolveAsync(DomainRef.Parse(reference), default)));
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => WithAsync(store, "", d => d.ResolveAsync(DomainRef.Parse(reference), default)));
        Assert.Equal(ErrorIds.DomainNotFound, error.ErrorId);
    }

    private static async Task<T> WithAsync<T>(StoreAtHand store, string table, Func<DomainDirectory, Task<T>> ask)
    {
        await using Dom0 dom0 = ScriptedHost.Create(new ScriptedCommands().Answer("xl list", 0, table), store: await store.ConnectAsync());
        return await ask(new DomainDirectory(dom0, new XlTool(dom0)));
    }
}
