namespace XenDriverDomain.Xm;

/// <summary>What <c>os.uname()</c> tells a file. Xen's own examples choose between lib and lib64 by it.</summary>
/// <param name="System">Linux.</param>
/// <param name="Node">The host name.</param>
/// <param name="Release">The kernel's release.</param>
/// <param name="Version">The kernel's version.</param>
/// <param name="Machine">The architecture, such as x86_64.</param>
public sealed record XmMachine(string System, string Node, string Release, string Version, string Machine);
