using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// Where a card belongs is never lost: at each moment it has its driver, or xenstore says which one it was. The moments are all calls
/// of all ports that an operation makes.
/// </summary>
public sealed class RecordTests
{
    private const string Record = "/libxl/pci/0000-00-10-0/driver_path";
    private const string Path = "/sys/bus/pci/drivers/e1000e";

    // More than any operation makes; the loops end where nothing is left to cut.
    private const int Bound = 150;

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    public async Task CutOffAtAnyCallTheCardIsKeptAndEitherCommandReachesItsGoal(bool adds, bool storeOnly, bool after)
    {
        for (int n = 1; n < Bound; n++)
        {
            foreach (bool thenAdds in new[] { true, false })
            {
                await using SimulatedHost host = new();
                if (!adds)
                {
                    await host.AddAsync();
                }

                bool happened;
                await using (InterruptedHost killed = new(host.Dom0, n) { CutsStoreOnly = storeOnly, CutsAfter = after })
                {
                    await TryAsync(killed.Session, host, adds);
                    happened = killed.Happened;
                }

                AssertKept(host, $"cut off at call {n}");
                await AssertReachesAsync(host, thenAdds, $"cut off at call {n}");
                if (!happened)
                {
                    Assert.True(n > 20, $"{n} calls only");
                    return;
                }
            }
        }

        Assert.Fail("no end");
    }

    [Theory]
    [InlineData(Start.Dom0s, true, "pci-assignable-add")]
    [InlineData(Start.Dom0s, true, "pci-assignable-remove -r")]
    [InlineData(Start.Assignable, false, "pci-assignable-add")]
    [InlineData(Start.Assignable, false, "pci-assignable-remove -r")]
    [InlineData(Start.Assignable, false, "pci-assignable-remove")]
    [InlineData(Start.Recorded, false, "pci-assignable-add")]
    [InlineData(Start.Recorded, true, "pci-assignable-add")]
    [InlineData(Start.Recorded, true, "pci-assignable-remove -r")]
    public async Task WhateverXlDoesAtAnyCallTheCardIsKept(Start start, bool adds, string command)
    {
        for (int n = 1; n < Bound; n++)
        {
            await using SimulatedHost host = new();
            await PrepareAsync(host, start);
            bool happened;
            await using (InterruptedHost raced = new(host.Dom0, n) { Before = () => host.XlAsync([.. command.Split(' '), $"{host.Card}"]) })
            {
                await TryAsync(raced.Session, host, adds);
                happened = raced.Happened;
            }

            AssertKept(host, $"xl at call {n}");
            await AssertReachesAsync(host, adds: false, $"xl at call {n}");
            if (!happened)
            {
                Assert.True(n > 20, $"{n} calls only");
                return;
            }
        }

        Assert.Fail("no end");
    }

    [Fact]
    public async Task ACardThatXlTakesWhileItsRecordGoesIsNotCalledGivenBack()
    {
        await using SimulatedHost host = new();
        await PrepareAsync(host, Start.Recorded);
        SilentReporter reporter = new();
        PlannedChange<PciDevice> change = await host.Session.HeardBy(reporter).Assignments.PlanRemoveAsync(
            host.Card, new RemoveAssignableOptions(), default);
        await host.XlAsync("pci-assignable-add", $"{host.Card}");

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(
            () => change.Plan.RunAsync(host.Session.HeardBy(reporter).Hand, default));

        Assert.Equal(ErrorIds.PciDriverBindFailed, error.ErrorId);
        Assert.Contains("the record is kept", error.Message, StringComparison.Ordinal);
        Assert.Equal(Path, host.Dom0.Store.Read(0, Record));
    }

    [Fact]
    public async Task ARecordThatIsRemovedWhileTheCardIsTakenIsWrittenAgain()
    {
        await using SimulatedHost host = new();
        Told told = new();
        PlannedChange<PciDevice> change = await host.Session.HeardBy(told).Assignments.PlanAddAsync(
            host.Card, new AddAssignableOptions(), default);
        ChangeStep last = change.Plan.Steps[^1];
        ChangePlan plan = change.Plan with
        {
            Steps =
            [
                .. change.Plan.Steps.SkipLast(1),
                new ChangeStep("Another program", new Look(async (_, _) => await host.Dom0.RunAsync("xenstore-rm", Record))),
                last,
            ],
        };

        await plan.RunAsync(host.Session.HeardBy(told).Hand, default);

        Assert.Equal(Path, host.Dom0.Store.Read(0, Record));
        Assert.Contains(told.Warnings, w => w.Contains("written again", StringComparison.Ordinal));
    }

    /// <summary>How the card stands at first.</summary>
    public enum Start
    {
        /// <summary>With dom0's driver.</summary>
        Dom0s,

        /// <summary>Made assignable.</summary>
        Assignable,

        /// <summary>With dom0's driver, and recorded already, as in the middle of somebody's pci-assignable-add.</summary>
        Recorded,
    }

    private static async Task PrepareAsync(SimulatedHost host, Start start)
    {
        switch (start)
        {
            case Start.Assignable:
                await host.AddAsync();
                break;
            case Start.Recorded:
                await host.Dom0.RunAsync("xenstore-write", Record, Path);
                break;
        }
    }

    private static async Task TryAsync(HostSession session, SimulatedHost host, bool adds)
    {
        try
        {
            await RunAsync(session, host, adds);
        }
        catch (XenDriverDomainException)
        {
            // Cut off, or in each other's way.
        }
    }

    private static async Task<PciDevice> RunAsync(HostSession session, SimulatedHost host, bool adds)
    {
        SilentReporter reporter = new();
        PlannedChange<PciDevice> change = adds
            ? await session.HeardBy(reporter).Assignments.PlanAddAsync(host.Card, new AddAssignableOptions(), default)
            : await session.HeardBy(reporter).Assignments.PlanRemoveAsync(host.Card, new RemoveAssignableOptions(), default);
        await change.Plan.RunAsync(session.HeardBy(reporter).Hand, default);
        return await change.ReadBackAsync(default);
    }

    private static void AssertKept(SimulatedHost host, string when)
    {
        string? driver = host.Dom0.Machine.Functions.Single(f => f.Address == host.Card).Driver;
        string? record = host.Dom0.Store.Read(0, Record);
        Assert.True(driver == "e1000e" || record == Path, $"{when}: driver {driver}, record {record}");
    }

    private static async Task AssertReachesAsync(SimulatedHost host, bool adds, string when)
    {
        PciDevice device = await RunAsync(host.Session, host, adds);
        string? record = host.Dom0.Store.Read(0, Record);
        if (adds)
        {
            Assert.True(device is { State: PciDeviceState.Assignable, OriginalDriver: "e1000e" } && record == Path, $"{when}: {device}");
            Assert.True(host.Dom0.Machine.Functions.Single(f => f.Address == host.Card).IsQuarantined, when);
        }
        else
        {
            Assert.True(device is { State: PciDeviceState.Host, Driver: "e1000e" } && record is null, $"{when}: {device}, record {record}");
        }
    }
}
