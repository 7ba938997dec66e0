using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>An element of a list in an old file: a disk, a vif, a PCI device.</summary>
/// <param name="Text">The element as xm takes it.</param>
/// <param name="Location">Where it was written.</param>
internal readonly record struct XendItem(string Text, ConfigLocation Location);
