using System.Globalization;

namespace XenDriverDomain.Xm;

/// <summary>A value that an xm file gave a setting, or an element of one.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="PythonType">Its type as Python 2 calls it: int, long, str, unicode, …; xm takes an int or a str only.</param>
/// <param name="Location">Where a string was written, for anything else where the setting was assigned.</param>
public sealed record XmValue(XmValueKind Kind, string PythonType, XmLocation Location)
{
    /// <summary>The value of a string, else what str() gives of a number, a Boolean or None; null for what has items.</summary>
    public string? Text { get; init; }

    /// <summary>The value of an integer or a Boolean; null for anything else.</summary>
    public System.Numerics.BigInteger? Number { get; init; }

    /// <summary>The value of a float; null for anything else.</summary>
    public double? Real { get; init; }

    /// <summary>The items of a list, a tuple, a set; keys and values of a dict.</summary>
    public IReadOnlyList<XmValue> Items { get; init; } = [];

    /// <summary>The value in short.</summary>
    public override string ToString() => Text is null
        ? string.Create(CultureInfo.InvariantCulture, $"{PythonType} ({Items.Count})")
        : Quotation.Cut(Text);
}

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
