using System.Text;

namespace XenDriverDomain.Access;

/// <summary>
/// Texts of which each character stands for one byte: so every byte survives, whatever a guest or a device has put there.
/// </summary>
internal static class ByteText
{
    /// <summary>The bytes as such a text.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The UTF-8 bytes of an ordinary text as such a text.</summary>
    public static string Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The ordinary text whose UTF-8 bytes it stands for.</summary>
    public static string Decode(string text) => Ascii.IsValid(text) ? text : Encoding.UTF8.GetString(Bytes(text));

    /// <summary>The bytes it stands for.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
