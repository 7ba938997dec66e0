namespace XenDriverDomain.Xm;

/// <summary>The types of values that a setting can have.</summary>
public enum XmValueKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>True or False.</summary>
    Boolean,

    /// <summary>An int or a long.</summary>
    Number,

    /// <summary>A float.</summary>
    Real,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>A tuple.</summary>
    Tuple,

    /// <summary>A dict; <see cref="XmValue.Items"/> has keys and values by turns.</summary>
    Dictionary,

    /// <summary>A set.</summary>
    Set,
}
