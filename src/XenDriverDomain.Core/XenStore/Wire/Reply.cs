namespace XenDriverDomain.XenStore.Wire;

/// <summary>What a request got back.</summary>
/// <param name="Payload">The payload of a success; empty for an error.</param>
/// <param name="Error">The validated name of the error, such as ENOENT; null for a success.</param>
internal sealed record Reply(byte[] Payload, string? Error);
