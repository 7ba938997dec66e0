using System.Text.Json;
using System.Text.Json.Serialization;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// The text of a file. In JSON it is a string, or an array of lines when there are several: so two snapshots differ by lines.
/// </summary>
/// <param name="Text">The text, without the last newline.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct FileText(string Text)
{
    /// <summary>The text.</summary>
    public override string ToString() => Text;

    /// <summary>Writes and reads it.</summary>
    internal sealed class Converter : JsonConverter<FileText>
    {
        /// <inheritdoc/>
        public override FileText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return new FileText(Line(ref reader));
            }

            List<string> lines = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                lines.Add(Line(ref reader));
            }

            return new FileText(string.Join('\n', lines));
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, FileText value, JsonSerializerOptions options)
        {
            if (!value.Text.Contains('\n', StringComparison.Ordinal))
            {
                writer.WriteStringValue(value.Text);
                return;
            }

            writer.WriteStartArray();
            foreach (string line in value.Text.Split('\n'))
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        private static string Line(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw new JsonException("a file is a string or an array of strings");
    }
}
