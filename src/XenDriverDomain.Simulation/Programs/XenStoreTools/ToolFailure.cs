namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>A program gives up with a message and exit code 1 (errx(3)).</summary>
/// <param name="message">What it says after its name.</param>
internal sealed class ToolFailure(string message) : Exception(message);
