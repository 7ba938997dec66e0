using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Domains;
using XenDriverDomain.Topology;

namespace XenDriverDomain.Binding;

/// <summary>Lets a parameter take topologies that came from another session or from a file: JSON, CLIXML, remoting.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TopologyOfAttribute : TransformEachAttribute
{
    /// <inheritdoc/>
    // What is no topology is left to PowerShell, which then tries the object's properties for the other parameters.
    private protected override object? TransformOne(object? value)
    {
        if (value is null or PSObject { BaseObject: DriverDomainTopology } or DriverDomainTopology)
        {
            return (value as PSObject)?.BaseObject ?? value;
        }

        PSObject source = PSObject.AsPSObject(value);
        if (Text(source, "Dom0") is not { } dom0 || Items(source, "Nodes") is not { } nodes || Items(source, "Links") is not { } links)
        {
            return value;
        }

        TopologyNode?[] newNodes = [.. nodes.Select(NodeOf)];
        TopologyLink?[] newLinks = [.. links.Select(LinkOf)];
        return newNodes.Contains(null) || newLinks.Contains(null)
            ? value
            : new DriverDomainTopology(dom0, newNodes!, newLinks!) { ReadAt = Time(source, nameof(DriverDomainTopology.ReadAt)) };
    }

    private static TopologyNode? NodeOf(PSObject source) =>
        Text(source, "Id") is { } id && Text(source, "Name") is { } name && Word<TopologyNodeKind>(source, "Kind") is { } kind
            ? new TopologyNode
            {
                Dom0 = Text(source, "Dom0") ?? string.Empty,
                Id = id,
                Kind = kind,
                Name = name,
                Domid = Number(source, "Domid"),
                Exists = Text(source, "Exists") is not { } exists
                    || !string.Equals(exists, bool.FalseString, StringComparison.OrdinalIgnoreCase),
                Detail = Text(source, "Detail") ?? string.Empty,
                State = Word<DomainState>(source, "State"),
                Type = Word<DomainType>(source, "Type"),
                MemoryMB = Number(source, "MemoryMB"),
                Vcpus = Number(source, "Vcpus"),
                Driver = Some(source, "Driver"),
            }
            : null;

    private static TopologyLink? LinkOf(PSObject source) =>
        Text(source, "From") is { } from && Text(source, "To") is { } to
        && Word<TopologyLinkKind>(source, "Kind") is { } kind && Word<TopologyLinkState>(source, "State") is { } state
            ? new TopologyLink
            {
                Dom0 = Text(source, "Dom0") ?? string.Empty,
                From = from,
                To = to,
                FromName = Text(source, "FromName") ?? from,
                ToName = Text(source, "ToName") ?? to,
                Kind = kind,
                Label = Text(source, "Label") ?? string.Empty,
                State = state,
                Detail = Text(source, "Detail") ?? string.Empty,
                Remedy = Text(source, "Remedy") ?? string.Empty,
                ErrorId = Some(source, "ErrorId"),
                Mac = Some(source, "Mac"),
            }
            : null;

    // CSV has no null.
    private static string? Some(PSObject source, string name) => Text(source, name) is { Length: > 0 } text ? text : null;

    private static int? Number(PSObject source, string name) =>
        int.TryParse(Text(source, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    // A time without a zone is one in UTC, as all of ours are.
    private static DateTime? Time(PSObject source, string name) => source.Properties[name]?.Value switch
    {
        PSObject { BaseObject: DateTime time } => Utc(time),
        DateTime time => Utc(time),
        DateTimeOffset time => time.UtcDateTime,
        { } other when DateTime.TryParse(
            other.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTime time) => time,
        _ => null,
    };

    private static DateTime Utc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();

    private static string? Text(PSObject source, string name) => source.Properties[name]?.Value?.ToString();

    private static PSObject[]? Items(PSObject source, string name) =>
        LanguagePrimitives.GetEnumerable(source.Properties[name]?.Value) is { } items
            ? [.. items.Cast<object?>().Where(i => i is not null).Select(i => PSObject.AsPSObject(i!))]
            : null;

    private static T? Word<T>(PSObject source, string name) where T : struct, Enum =>
        Enum.TryParse(Text(source, name), ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : null;
}
