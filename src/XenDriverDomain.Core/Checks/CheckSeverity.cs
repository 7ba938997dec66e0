namespace XenDriverDomain.Checks;

/// <summary>What a finding means for the operation that was asked for.</summary>
public enum CheckSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>The operation goes on; something may not work as the user expects.</summary>
    Warning,

    /// <summary>Refused, because dom0 would lose something it lives on; -Force turns it into a warning.</summary>
    Protection,

    /// <summary>Refused; nothing lifts it.</summary>
    Refusal,
}
