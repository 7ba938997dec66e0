using System.Diagnostics;
using XenDriverDomain.Errors;
using XenDriverDomain.Tour.Steps;

namespace XenDriverDomain.Tour;

/// <summary>The tour: every step in order, on one simulated host.</summary>
internal static class Walk
{
    /// <summary>The steps.</summary>
    public static IReadOnlyList<TourStep> Steps { get; } =
    [
        .. Looking.Steps,
        .. Taking.Steps,
        .. Serving.Steps,
        .. Failing.Steps,
        .. Ending.Steps,
    ];

    /// <summary>Plays all steps.</summary>
    /// <param name="output">Where they are told.</param>
    /// <param name="cancellationToken">Ends the tour.</param>
    /// <returns>The exit code: 0 when each step came out as it should.</returns>
    public static async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        await using Stage stage = new(output);
        output.WriteLine("A tour of XenDriverDomain on a simulated dom0. Nothing on this machine is touched.");
        int number = 0;
        try
        {
            foreach (TourStep step in Steps)
            {
                stage.Begin(++number, step);
                await step.PlayAsync(stage, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            output.WriteLine("\nThe tour was ended. Nothing is left of the simulated host.");
            return 130;
        }
        catch (Exception e) when (e is TourException or XenDriverDomainException)
        {
            output.WriteLine($"\nStep {number} did not come out as it should: {e.Message}");
            return 1;
        }

        output.WriteLine(
            $"""

            That was the main job: {number} steps, {stage.HostTime.TotalSeconds:0} s on the host's clock, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s on yours.

            The same in PowerShell 7.6 or later:
              Import-Module ./XenDriverDomain.psd1
              Connect-XenDom0 -Simulated
              Get-XenPciDevice -Class Network
            docs/tour.ps1 is this walk as a script. On a real dom0 leave the second line out, or connect over SSH:
              Connect-XenDom0 -HostName xen1 -UserName root
            """);
        return 0;
    }
}
