namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>The C library's words for xenstored's refusals (strerror).</summary>
internal static class ErrorWords
{
    /// <summary>The words for the name of an errno.</summary>
    public static string Of(string error) => error switch
    {
        "ENOENT" => "No such file or directory",
        "EACCES" => "Permission denied",
        "EPERM" => "Operation not permitted",
        "ENOSPC" => "No space left on device",
        "E2BIG" => "Argument list too long",
        "EAGAIN" => "Resource temporarily unavailable",
        _ => "Invalid argument",
    };
}
