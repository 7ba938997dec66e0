using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace XenDriverDomain.Snapshots;

/// <summary>How a snapshot is written as JSON, and how strictly it is read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(HostSnapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    /// <summary>The deepest that a snapshot nests.</summary>
    public const int MaxDepth = 8;

    /// <summary>How it is written. Nothing in it ends up in a web page; control characters are escaped by this encoder, too.</summary>
    public static JsonWriterOptions Writing { get; } = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
