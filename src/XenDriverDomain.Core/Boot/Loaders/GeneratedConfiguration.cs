namespace XenDriverDomain.Boot.Loaders;

/// <summary>A file that a boot loader reads and a program makes of settings.</summary>
/// <param name="Path">The file.</param>
/// <param name="XenEntries">Reads its entries of Xen: their titles, and the parameters that they give dom0's kernel.</param>
internal sealed record GeneratedConfiguration(string Path, Func<string, IReadOnlyList<(string Title, string Parameters)>> XenEntries);
