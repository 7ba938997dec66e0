using XenDriverDomain.Tour;

// The main job on a simulated dom0, for somebody who has the .NET SDK and nothing else. Ctrl+C ends it; nothing real is touched.
using CancellationTokenSource cancel = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancel.Cancel();
};
return await Walk.RunAsync(Console.Out, cancel.Token);
