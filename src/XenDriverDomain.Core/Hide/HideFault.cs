namespace XenDriverDomain.Hide;

/// <summary>A part of a <c>hide=</c> that pciback cannot read; one is enough to keep the whole driver from loading.</summary>
/// <param name="Element">The part, as it stands there.</param>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Position">Where it begins in the value, from 0.</param>
internal sealed record HideFault(string Element, HideRule Rule, int Position)
{
    /// <summary>The rule in words that follow a colon.</summary>
    public string Why => Rule switch
    {
        HideRule.Parentheses => "each address stands in parentheses of its own",
        HideRule.NoCommas => "there are no commas between or in addresses",
        HideRule.Form => "an address is [DDDD:]BB:DD.F, with one or two colons and a dot before the function",
        HideRule.Hexadecimal => "domain, bus, device and function are hexadecimal numbers",
        HideRule.Wildcard => "a star stands for the function (BB:DD.*) or for device and function (BB:*.*) only",
        HideRule.Blank => "there is no blank before a colon, a dot or the closing parenthesis",
        _ => "the domain is at most ffff, the bus ff, the device 1f, the function 7",
    };

    /// <summary>The part and the rule, fit to be shown.</summary>
    public override string ToString() => $"'{Terminal.Text.Show(Element)}': {Why}";
}
