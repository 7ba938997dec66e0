namespace XenDriverDomain.Configuration;

/// <summary>What became of a setting on its way to xl.cfg.</summary>
public enum ConversionAction
{
    /// <summary>It says the same as before, under xl's name for it.</summary>
    Mapped,

    /// <summary>It is written in another way, so that xl does what it meant.</summary>
    Changed,

    /// <summary>It is left out, and the domain is the same without it.</summary>
    Dropped,

    /// <summary>It cannot be carried over: without it the domain would be another. Somebody has to decide.</summary>
    Refused,
}
