namespace XenDriverDomain.Xm;

/// <summary>What <c>os.uname()</c> tells a file. Xen's own examples choose between lib and lib64 by it.</summary>
/// <param name="System">Linux.</param>
/// <param name="Node">The host name.</param>
/// <param name="Release">The kernel's release.</param>
/// <param name="Version">The kernel's version.</param>
/// <param name="Machine">The architecture, such as x86_64.</param>
public sealed record XmMachine(string System, string Node, string Release, string Version, string Machine);

/// <summary>What an xm file said when it was run.</summary>
/// <param name="Settings">The values it left, in the order of their first assignment, helpers included.</param>
/// <param name="Messages">What it printed, and what there is to remark.</param>
/// <param name="WantedVariables">The variables that it wants from the command line.</param>
public sealed record XmResult(
    IReadOnlyList<XmSetting> Settings, IReadOnlyList<XmMessage> Messages, IReadOnlyList<XmWantedVariable> WantedVariables)
{
    /// <summary>The setting of that name; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    public XmSetting? Find(string name) => Settings.FirstOrDefault(s => s.Name == name);
}
