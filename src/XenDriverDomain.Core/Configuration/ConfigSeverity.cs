namespace XenDriverDomain.Configuration;

/// <summary>What a finding about a configuration means.</summary>
public enum ConfigSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>The domain starts; it may not be the one that was meant.</summary>
    Warning,

    /// <summary>xl refuses it, or makes another domain of it without a word. It is not started.</summary>
    Error,
}
