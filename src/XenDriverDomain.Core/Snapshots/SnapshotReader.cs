using System.Text.Json;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Snapshots;

/// <summary>Reads a snapshot strictly: its size first, then what it says it is, then its members, then its values.</summary>
internal static class SnapshotReader
{
    private const string Remedy = "Record the host again with Save-XenDom0; do not edit the file by hand.";

    /// <summary>Reads and checks.</summary>
    public static HostSnapshot Read(Stream stream)
    {
        byte[] bytes = Load(stream);
        ReadOnlySpan<byte> content = bytes;
        if (content is [0xEF, 0xBB, 0xBF, ..])
        {
            // An editor may have added a byte order mark.
            content = content[3..];
        }

        CheckHead(content);
        HostSnapshot snapshot;
        try
        {
            Utf8JsonReader reader = new(content, new JsonReaderOptions { MaxDepth = SnapshotJson.MaxDepth });
            snapshot = JsonSerializer.Deserialize(ref reader, SnapshotJson.Default.HostSnapshot) ?? throw Malformed("it is null");
        }
        catch (JsonException e)
        {
            throw FromJson(e);
        }

        SnapshotRules.Check(snapshot);
        return snapshot;
    }

    /// <summary>The error of a snapshot that breaks a rule.</summary>
    internal static XenDriverDomainException Malformed(string why, Exception? inner = null) => new(
        ErrorIds.SnapshotMalformed, ErrorKind.InvalidArgument, $"This is no snapshot of a host: {why}.", Remedy, innerException: inner);

    private static byte[] Load(Stream stream)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[81920];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > HostSnapshot.MaxBytes)
            {
                throw new XenDriverDomainException(
                    ErrorIds.SnapshotTooLarge,
                    ErrorKind.InvalidArgument,
                    $"The snapshot has more than {HostSnapshot.MaxBytes / (1024 * 1024)} MiB, the most that is read.",
                    "Check that it is a file that Save-XenDom0 has written.");
            }
        }

        return content.ToArray();
    }

    // A later version may have members that this one does not know; that must not look like a typo.
    private static void CheckHead(ReadOnlySpan<byte> content)
    {
        string? format = null;
        int? version = null;
        try
        {
            Utf8JsonReader reader = new(content, new JsonReaderOptions { MaxDepth = SnapshotJson.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw Malformed("it does not begin with {");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                switch (name)
                {
                    case "format" when reader.TokenType == JsonTokenType.String:
                        format = reader.GetString();
                        break;
                    case "version" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number):
                        version = number;
                        break;
                    default:
                        reader.Skip();
                        break;
                }

                if (format is not null && version is not null)
                {
                    break;
                }
            }
        }
        catch (JsonException e)
        {
            throw FromJson(e);
        }
        catch (InvalidOperationException e)
        {
            throw Malformed("a string in it is not UTF-8", e);
        }

        if (format != HostSnapshot.FormatName)
        {
            throw Malformed($"its member format must be '{HostSnapshot.FormatName}', not '{Text.Show(format, 60)}'");
        }

        if (version != HostSnapshot.CurrentVersion)
        {
            throw new XenDriverDomainException(
                ErrorIds.SnapshotVersionUnknown,
                ErrorKind.NotSupported,
                $"The snapshot has version {(version is { } known ? known : "?")} of the format; this module reads version "
                    + $"{HostSnapshot.CurrentVersion}.",
                "Read it with the version of this module that wrote it, or a later one.",
                version);
        }
    }

    private static XenDriverDomainException FromJson(JsonException e)
    {
        string place = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}" : "an unknown place";
        string member = e.Path is { Length: > 1 } path ? $", at {Text.Show(path, 120)}" : string.Empty;
        return Malformed($"{place}{member}: {Text.Show(e.Message.Split(" Path: ")[0].TrimEnd('.'), 200)}", e);
    }
}
