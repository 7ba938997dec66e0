namespace XenDriverDomain.Configuration.Xend;

/// <summary>What becomes of one setting of xend's time: a row of <see cref="XendRules"/>.</summary>
/// <param name="Name">xm's name for the setting.</param>
/// <param name="Convert">Does it.</param>
internal sealed record XendRule(string Name, Action<XendConversion, XendSetting> Convert)
{
    /// <summary>True for a setting that xm hands on for HVM guests only (create.py, configure_hvm).</summary>
    public bool IsHvmOnly { get; init; }
}
