using System.Text;

namespace XenDriverDomain.XenStore.Wire;

/// <summary>Composes the payloads of requests.</summary>
internal static class PayloadWriter
{
    /// <summary>The texts, each followed by a NUL; none gives the lone NUL that requests without arguments carry.</summary>
    public static byte[] Strings(params ReadOnlySpan<string> texts)
    {
        if (texts.IsEmpty)
        {
            return [0];
        }

        int size = 0;
        foreach (string text in texts)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException("A text of a xenstore request cannot contain NUL.", nameof(texts));
            }

            size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        byte[] payload = new byte[size];
        int at = 0;
        foreach (string text in texts)
        {
            at += Encoding.UTF8.GetBytes(text, payload.AsSpan(at)) + 1;
        }

        return payload;
    }

    /// <summary>A path, NUL, and the bytes of a value as they are.</summary>
    public static byte[] PathAndValue(string path, ReadOnlySpan<byte> value)
    {
        byte[] payload = new byte[path.Length + 1 + value.Length];
        Encoding.ASCII.GetBytes(path, payload);
        value.CopyTo(payload.AsSpan(path.Length + 1));
        return payload;
    }
}
