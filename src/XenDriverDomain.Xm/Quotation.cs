namespace XenDriverDomain.Xm;

/// <summary>Quotes the file in a message.</summary>
internal static class Quotation
{
    /// <summary>The text, cut with an ellipsis where it is longer than the limit.</summary>
    public static string Cut(string text, int limit = 256)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        // Half a character is none.
        int end = char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
        return text[..end] + "…";
    }
}
