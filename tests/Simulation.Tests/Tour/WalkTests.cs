using XenDriverDomain.Tour;

namespace XenDriverDomain.Simulation.Tests.Tour;

/// <summary>The tour that somebody takes who has nothing but the .NET SDK.</summary>
public sealed class WalkTests
{
    [Fact]
    public async Task Each_step_comes_out_as_it_says_and_names_its_cmdlets_ten_times()
    {
        for (int time = 0; time < 10; time++)
        {
            StringWriter told = new();

            Assert.Equal(0, await Walk.RunAsync(told, CancellationToken.None));

            string text = told.ToString();
            Assert.All(
                Walk.Steps,
                step => Assert.All([step.Title, .. step.Cmdlets], line => Assert.Contains(line, text, StringComparison.Ordinal)));
            Assert.All(
                [
                    "PciDeviceVitalToDom0:", "is Serving.", "echo replies so far", "Everything done before was undone.",
                    "0000:03:00.0 is with igb.",
                ],
                words => Assert.Contains(words, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task It_can_be_ended()
    {
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();

        Assert.NotEqual(0, await Walk.RunAsync(new StringWriter(), cancel.Token));
    }
}
