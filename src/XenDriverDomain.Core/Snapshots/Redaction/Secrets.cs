using System.Text.RegularExpressions;

namespace XenDriverDomain.Snapshots.Redaction;

/// <summary>
/// What is called as a secret is. <see cref="HarmlessWords"/> decides what is kept; this is the second look, at names that nobody has
/// listed (nodes of xenstore) and at texts that nobody can list (titles).
/// </summary>
internal static partial class Secrets
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mask = "left-out";

    /// <summary>True for the name of a node or a setting that holds a secret.</summary>
    public static bool IsSecretName(string name) => SecretWord().IsMatch(name);

    /// <summary>True for a text that may hold a secret, as it names one.</summary>
    public static bool MayHoldSecret(string text) => SecretWord().IsMatch(text);

    // A keymap is none, and neither is systemd-boot's sort-key, or the key of a device in the PCI back end (key-0).
    [GeneratedRegex(
        "passw|passphrase|secret|credential|vnc-?pass|spice-?pass|ticket|token|private-?key|chap|psk|pwd|rootpw"
        + "|(?<![a-z0-9])(?:pass|pw|auth)(?![a-z0-9])|(?<!sort-)keys?(?![a-z]|-[0-9])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretWord();
}
