using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Images;

/// <summary>What went into an image, as it is kept beside it (manifest.json).</summary>
internal sealed record ImageManifest
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The most bytes of a manifest.</summary>
    public const int Limit = 4 * 1024 * 1024;

    /// <summary>The format.</summary>
    public required int Format { get; init; }

    /// <summary>The image's id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    public required DriverDomainRole Role { get; init; }

    /// <summary>Whether it can carry VLANs.</summary>
    public bool HasVlan { get; init; }

    /// <summary>Whether it can translate addresses.</summary>
    public bool HasNat { get; init; }

    /// <summary>Whether it can ask for an address.</summary>
    public bool HasDhcp { get; init; }

    /// <summary>The release of the kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>The version of Xen that its tools are of.</summary>
    public required string Xen { get; init; }

    /// <summary>The drivers of cards.</summary>
    public required IReadOnlyList<string> Drivers { get; init; }

    /// <summary>All modules, in the order of loading.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>The version of this module that made it.</summary>
    public required string MadeBy { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTime Made { get; init; }

    /// <summary>The length of the RAM disk before it is packed, in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The files of dom0 in it, the kernel among them.</summary>
    public required IReadOnlyList<ImageInput> Inputs { get; init; }

    /// <summary>Makes it of what goes in.</summary>
    public static ImageManifest Of(ImageContent content, DateTime now) => new()
    {
        Format = CurrentFormat,
        Id = content.Id,
        Role = content.Request.Role,
        HasVlan = content.Request.HasVlan,
        HasNat = content.Request.HasNat,
        HasDhcp = content.Request.HasDhcp,
        Kernel = content.Release,
        Xen = content.XenVersion,
        Drivers = content.Drivers,
        Modules = content.Modules,
        MadeBy = OwnFiles.Version,
        Made = now,
        Length = content.Length,
        Inputs =
        [
            .. content.Entries.OfType<HostFileEntry>().Prepend(content.Kernel)
                .Select(file => new ImageInput(file.Source, file.Length, file.Sha256)),
        ],
    };

    /// <summary>As it is written.</summary>
    public byte[] Write()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, ManifestJson.Writing))
        {
            JsonSerializer.Serialize(writer, this, ManifestJson.Default.ImageManifest);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    // JSON has null wherever a text or a list should be, and a number where a role's name should be.
    private string? WhyNot() =>
        new object?[] { Id, Kernel, Xen, Drivers, Modules, MadeBy, Inputs }.Any(part => part is null)
            || Drivers.Concat(Modules).Any(name => name is null) ? "a part of it is null"
        : !Enum.IsDefined(Role) ? "it has no role that there is"
        : Inputs.Any(input => input?.Path is not { } path || !path.StartsWith('/') || path.Contains('\0') || input.Sha256 is null)
            ? "what went in is not a list of files with their sums"
        : null;

    /// <summary>Reads one.</summary>
    /// <exception cref="XenDriverDomainException">ImageManifestInvalid.</exception>
    public static ImageManifest Read(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 4 });
            ImageManifest manifest = JsonSerializer.Deserialize(ref reader, ManifestJson.Default.ImageManifest)
                ?? throw ImageErrors.BadManifest(path, "it is empty");
            string? why = manifest.Format == CurrentFormat
                ? manifest.WhyNot()
                : $"its format is {manifest.Format}, and this version knows {CurrentFormat}.";
            return why is null ? manifest : throw ImageErrors.BadManifest(path, why);
        }
        catch (JsonException e)
        {
            throw ImageErrors.BadManifest(path, e.Message);
        }
    }
}

/// <summary>A file of dom0's that went into an image.</summary>
/// <param name="Path">Where dom0 has it.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its sum.</param>
internal sealed record ImageInput(string Path, long Length, string Sha256);

/// <summary>How a manifest is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImageManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>How it is written, for people as well.</summary>
    public static JsonWriterOptions Writing { get; } = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
