namespace XenDriverDomain.Configuration;

/// <summary>The languages that a domain's configuration can be written in.</summary>
public enum DomainConfigFormat
{
    /// <summary>Whichever the text is; what it was read as stands in the result.</summary>
    Auto,

    /// <summary>xl.cfg(5).</summary>
    Xl,

    /// <summary>A configuration file of xm, a program in Python 2.</summary>
    Xm,

    /// <summary>SXP, as <c>xm create -F</c> took and <c>xm list --long</c> printed it.</summary>
    Sxp,
}
