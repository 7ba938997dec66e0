using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration;

/// <summary>What our reader of xl.cfg says, in the words of the C program that asks Xen's.</summary>
internal static partial class OurParser
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>All that could be a key of a file, be it assigned or not.</summary>
    public static IReadOnlyList<string> KeysOf(byte[] file) =>
        [.. Key().Matches(Encoding.Latin1.GetString(file)).Select(m => m.Value).Distinct().Take(200)];

    /// <summary>Whether it reads a file, and the value of each key.</summary>
    public static string Judge(byte[] file, IReadOnlyList<string> keys)
    {
        try
        {
            XlConfigDocument document = XlConfigDocument.Parse(file);
            Assert.Equal(file, document.Write());
            Encoding encoding = EncodingOf(file);
            return string.Concat(
                keys.Select(key => $" {key}={Show(document.GetValue(key), encoding)}/{NumberOf(document, key)}").Prepend("accepts"));
        }
        catch (ConfigException)
        {
            return XensParser.Refuses;
        }
    }

    private static string Show(XlConfigValue? value, Encoding encoding) => value switch
    {
        XlConfigAtom atom => "s" + Convert.ToHexStringLower(encoding.GetBytes(atom.Text)),
        XlConfigList list => $"[{string.Join(',', list.Items.Select(item => Show(item, encoding)))}]",
        _ => "-",
    };

    private static string NumberOf(XlConfigDocument document, string key)
    {
        try
        {
            return document.GetNumber(key)?.ToString(CultureInfo.InvariantCulture) ?? "-";
        }
        catch (ConfigException)
        {
            return "-";
        }
    }

    private static Encoding EncodingOf(byte[] file)
    {
        try
        {
            s_strictUtf8.GetCharCount(file);
            return s_strictUtf8;
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1;
        }
    }

    [GeneratedRegex("[a-z][._0-9a-z]*")]
    private static partial Regex Key();
}
