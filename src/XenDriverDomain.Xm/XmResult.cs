namespace XenDriverDomain.Xm;

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
