namespace XenDriverDomain.Configuration;

/// <summary>What becomes of a domain that ends (xl.cfg on_poweroff=, on_reboot=, on_crash=).</summary>
internal enum DomainAction
{
    /// <summary>It is destroyed.</summary>
    Destroy,

    /// <summary>It is destroyed and started again.</summary>
    Restart,

    /// <summary>It is kept under another name and started again.</summary>
    RenameRestart,

    /// <summary>It is kept for inspection.</summary>
    Preserve,

    /// <summary>Its memory is dumped, then it is destroyed.</summary>
    CoredumpDestroy,

    /// <summary>Its memory is dumped, then it is started again.</summary>
    CoredumpRestart,

    /// <summary>It is restarted within itself.</summary>
    SoftReset,
}
