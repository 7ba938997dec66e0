namespace XenDriverDomain.Simulation.Files;

/// <summary>Where a path leads.</summary>
/// <param name="Path">The path without links and dots.</param>
/// <param name="Node">What is there.</param>
internal readonly record struct Found(string Path, FileNode Node);
