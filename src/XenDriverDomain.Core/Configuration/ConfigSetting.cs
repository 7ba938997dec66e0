using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>A setting by xl's name.</summary>
/// <param name="Name">Its key in xl.cfg.</param>
/// <param name="Text">Its value as xl.cfg has it, quotes included.</param>
/// <param name="Location">Where it was written.</param>
public sealed record ConfigSetting(string Name, string Text, ConfigLocation Location) : ConfigItem(Text, Location);
