namespace XenDriverDomain.Tour;

/// <summary>One step of the tour.</summary>
/// <param name="Title">What it shows, for a person.</param>
/// <param name="Cmdlets">The command lines that do the same in PowerShell.</param>
/// <param name="PlayAsync">Does it, and tells what came of it.</param>
internal sealed record TourStep(string Title, IReadOnlyList<string> Cmdlets, Func<Stage, CancellationToken, Task> PlayAsync);
