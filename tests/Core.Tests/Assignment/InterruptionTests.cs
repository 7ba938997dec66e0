using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>Every change to the host fails once, or is the last one before the process is killed.</summary>
public class InterruptionTests
{
    // More than either operation makes; the loops end where nothing is left to fail.
    private const int Bound = 40;

    [Theory]
    [InlineData(false, null)]
    [InlineData(false, "vfio-pci")]
    [InlineData(true, null)]
    public async Task Whatever_fails_while_adding_the_host_is_as_it_was(bool listed, string? @override)
    {
        int failures = 0;
        for (int n = 1; n < Bound; n++)
        {
            await using AssignmentHost host = await HostAsync(listed, @override);
            string before = host.State;
            host.Ports.Reset(n);
            try
            {
                await host.AddAsync(new AddAssignableOptions { Name = "uplink" });
                Assert.True(host.Ports.Count < n, $"change {n} failed and nobody noticed");
                break;
            }
            catch (ChangeFailedException e)
            {
                failures++;
                Assert.True(before == host.State, $"change {n} ({host.Ports.Changes[n - 1]}): {e.Message}\n{before}\n---\n{host.State}");
                Assert.Empty(e.Outcome.Remaining);
            }
        }

        Assert.InRange(failures, 2, Bound - 2);
    }

    [Fact]
    public async Task Whatever_fails_while_removing_the_card_is_assignable_as_it_was()
    {
        int failures = 0;
        for (int n = 1; n < Bound; n++)
        {
            await using AssignmentHost host = new();
            await host.AddAsync(new AddAssignableOptions { Name = "uplink" });
            string before = host.State;
            host.Ports.Reset(n);
            try
            {
                PciDevice device = await host.RemoveAsync();

                // xl failing once is put right on the way.
                Assert.Equal("e1000e", device.Driver);
                Assert.Empty(host.Store.Dump("/libxl/pci"));
                if (host.Ports.Count < n)
                {
                    break;
                }
            }
            catch (ChangeFailedException e)
            {
                failures++;
                Assert.True(before == host.State, $"change {n} ({host.Ports.Changes[n - 1]}): {e.Message}\n{before}\n---\n{host.State}");
            }
        }

        Assert.InRange(failures, 2, Bound - 2);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(false, "vfio-pci")]
    [InlineData(true, null)]
    public async Task After_a_kill_while_adding_either_command_reaches_its_goal(bool listed, string? @override)
    {
        for (int n = 1; n < Bound; n++)
        {
            await using AssignmentHost host = await HostAsync(listed, @override);
            string? driver = host.DriverOf(AssignmentHost.Nic);
            TellVfio(host);
            if (!await DiesAsync(host, n, () => host.AddAsync()))
            {
                Assert.True(n > 2);
                return;
            }

            PciDevice device = await host.AddAsync();
            Assert.Equal(PciDeviceState.Assignable, device.State);
            Assert.Contains(AssignmentHost.Nic, host.Quarantined);
            Assert.Equal(driver is null ? null : $"/sys/bus/pci/drivers/{driver}", host.Store[AssignmentHost.Key + "/driver_path"]);

            await using AssignmentHost other = await HostAsync(listed, @override);
            TellVfio(other);
            await DiesAsync(other, n, () => other.AddAsync());
            await other.RemoveAsync();
            Assert.Equal(driver, other.DriverOf(AssignmentHost.Nic));
            Assert.Empty(other.Slots);
            Assert.Empty(other.Quarantined);
            Assert.Empty(other.Store.Dump("/libxl/pci"));
        }

        Assert.Fail("no end");
    }

    [Fact]
    public async Task After_a_kill_while_removing_either_command_reaches_its_goal()
    {
        for (int n = 1; n < Bound; n++)
        {
            await using AssignmentHost host = new();
            string before = host.State;
            await host.AddAsync();
            if (!await DiesAsync(host, n, () => host.RemoveAsync()))
            {
                Assert.True(n > 2);
                return;
            }

            await host.RemoveAsync();
            Assert.Equal(before, host.State);

            await using AssignmentHost other = new();
            await other.AddAsync();
            string assignable = other.State;
            await DiesAsync(other, n, () => other.RemoveAsync());
            await other.AddAsync();
            Assert.Equal(assignable, other.State);
        }

        Assert.Fail("no end");
    }

    [Fact]
    public async Task Cancelling_while_xl_runs_undoes_what_was_done()
    {
        await using AssignmentHost host = new();
        string before = host.State;
        PlannedChange<PciDevice> change = await host.PlanAddAsync();
        using CancellationTokenSource user = new();
        host.Ports.Before = change =>
        {
            if (change.StartsWith("xl ", StringComparison.Ordinal))
            {
                host.Ports.Before = null;
                user.Cancel();
                user.Token.ThrowIfCancellationRequested();
            }
        };

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => change.Plan.RunAsync(host.Hand, user.Token));

        Assert.Equal(before, host.State);
    }

    private static async Task<AssignmentHost> HostAsync(bool listed, string? @override)
    {
        AssignmentHost host = new();
        if (listed)
        {
            host.Unbind();
            host.NewSlot();
        }

        if (@override is not null)
        {
            await host.RunAsync("modprobe", @override);
            host.Override(@override);
            host.Unbind();
            host.Bind(@override);
        }

        return host;
    }

    /// <summary>
    /// Has vfio-pci know the card without its override, which nobody restores after a kill; without that the driver could not take the card
    /// back.
    /// </summary>
    private static void TellVfio(AssignmentHost host)
    {
        const string NewId = "/sys/bus/pci/drivers/vfio-pci/new_id";
        if (host.Machine.Files.Exists(NewId))
        {
            host.Simulation.WriteFile(NewId, "8086 10d3");
        }
    }

    /// <summary>Runs an operation that dies at the n-th change; false when it ended before. Afterwards all works again.</summary>
    private static async Task<bool> DiesAsync(AssignmentHost host, int n, Func<Task> operation)
    {
        host.Ports.Reset(n, forEver: true);
        try
        {
            await operation();
        }
        catch (ChangeFailedException)
        {
            // As good as killed: the undo failed as well.
        }

        bool died = host.Ports.Count >= n;
        host.Ports.Reset();
        return died;
    }
}
