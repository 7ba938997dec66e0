namespace XenDriverDomain.XenStore.Wire;

/// <summary>What a request asks for, as a verb that stands before a path or a domain in an error message.</summary>
internal static class MessageTypeWords
{
    public static string ToWords(this MessageType type) => type switch
    {
        MessageType.Control => "run the control command",
        MessageType.Directory or MessageType.DirectoryPart => "list",
        MessageType.Read => "read",
        MessageType.GetPermissions => "read the permissions of",
        MessageType.Watch => "watch",
        MessageType.Unwatch => "end the watch of",
        MessageType.TransactionStart => "start",
        MessageType.TransactionEnd => "end",
        MessageType.Introduce => "introduce",
        MessageType.Release => "release",
        MessageType.GetDomainPath => "give the path of",
        MessageType.Write => "write",
        MessageType.MakeDirectory => "create",
        MessageType.Remove => "remove",
        MessageType.SetPermissions => "set the permissions of",
        MessageType.IsDomainIntroduced => "look up",
        MessageType.Resume => "resume",
        MessageType.SetTarget => "set the target of",
        MessageType.ResetWatches => "reset",
        _ => "carry out",
    };
}
