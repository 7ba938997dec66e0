using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend.Sxp;

/// <summary>An expression of SXP: an atom or a list.</summary>
/// <param name="Location">Where it begins.</param>
public abstract record SxpValue(ConfigLocation Location);
