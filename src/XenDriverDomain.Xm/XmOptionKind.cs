namespace XenDriverDomain.Xm;

/// <summary>How xm reads an option of its command line.</summary>
public enum XmOptionKind
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>As Python's int() or long() reads it.</summary>
    Number,

    /// <summary>yes, y, no or n.</summary>
    YesNo,

    /// <summary>One more element of a list each time.</summary>
    List,
}
