namespace XenDriverDomain.Xm.Values;

/// <summary>A module, or what of it is safe.</summary>
/// <param name="Name">As it is imported.</param>
/// <param name="Members">What it offers; anything else of it is refused by name.</param>
internal sealed record PyModule(string Name, IReadOnlyDictionary<string, object> Members);
