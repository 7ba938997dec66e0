using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Configuration;

namespace XenDriverDomain.Snapshots;

/// <summary>Finds what must not leave the host: passwords of consoles, VNC, SPICE and storage. In doubt a thing is a secret.</summary>
internal static partial class Secrets
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "left-out";

    /// <summary>True for the name of a node or a setting that holds a secret.</summary>
    public static bool IsSecretName(string name) => SecretWord().IsMatch(name);

    /// <summary>True for a word of a command line that may hold a secret.</summary>
    public static bool MayHoldSecret(string text) => SecretWord().IsMatch(text);

    /// <summary>The text with each value behind a secret's name (<c>vncpasswd=…</c>) replaced.</summary>
    public static string MaskIn(string text) => Setting().Replace(text, "${name}${quote}" + Mask + "${quote}");

    /// <summary>A domain's configuration without secrets; null when it cannot be understood, so that nothing is known of what is in it.</summary>
    public static string? MaskConfiguration(byte[] content)
    {
        XlConfigDocument document;
        try
        {
            document = XlConfigDocument.Parse(content);
            foreach (string key in document.Keys.ToArray())
            {
                // Arguments of a device model may hold a secret in any form.
                document = IsSecretName(key) ? document.WithString(key, Mask)
                    : key.StartsWith("device_model_args", StringComparison.Ordinal) ? document.Without(key)
                    : document;
            }

            return ByteText.Of(XlConfigDocument.Parse(MaskIn(document.Text)).Write());
        }
        catch (Errors.XenDriverDomainException)
        {
            return null;
        }
    }

    [GeneratedRegex("passw|passphrase|secret|credential|vnc-?pass|spice-?pass|ticket|token|private-?key|chap", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretWord();

    // name = "…", '…', or up to the next comma, blank, quote or bracket.
    [GeneratedRegex(
        """(?<name>(?:passw|passphrase|secret|credential|vnc-?pass|spice-?pass|ticket|token|private-?key|chap)[\w.-]*[ \t]*[=:][ \t]*)(?:(?<quote>["'])(?:\\.|(?!\k<quote>)[^\\\n])*\k<quote>|[^,\s'"\]]*)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
