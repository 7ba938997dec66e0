namespace XenDriverDomain.Xm.Values;

/// <summary>sys.stdout or sys.stderr: what is written becomes a message.</summary>
/// <param name="Name">Which one.</param>
internal sealed record PyStream(string Name);
