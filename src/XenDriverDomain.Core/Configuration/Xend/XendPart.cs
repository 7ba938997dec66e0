namespace XenDriverDomain.Configuration.Xend;

/// <summary>What one element of an old list becomes.</summary>
/// <param name="Became">The elements of xl's list that stand for it; none when it is refused.</param>
/// <param name="Reasons">What is done otherwise than it was written, or why it is refused; none when it says the same as before.</param>
internal sealed record XendPart(IReadOnlyList<string> Became, IReadOnlyList<string> Reasons)
{
    /// <summary>An element that says the same as before.</summary>
    public static XendPart Of(string text) => new([text], []);

    /// <summary>An element that cannot be carried over.</summary>
    public static XendPart Refused(string why) => new([], [why]);
}
