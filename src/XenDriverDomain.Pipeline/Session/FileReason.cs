using System.Runtime.InteropServices;

namespace XenDriverDomain.Session;

/// <summary>Why a file of this machine could not be used, in the words of its system rather than in those of .NET.</summary>
internal static class FileReason
{
    /// <summary>The reason, without a full stop.</summary>
    internal static string Of(Exception e, string file) => e switch
    {
        UnauthorizedAccessException => Directory.Exists(file) ? "it is a folder" : "it is read-only, or you may not",
        FileNotFoundException => "it does not exist",
        DirectoryNotFoundException => "its folder does not exist",
        PathTooLongException => "its path is too long",

        // What .NET has no exception for carries the error number, on Unix as it is and on Windows in the lower half.
        _ => Marshal.GetPInvokeErrorMessage(OperatingSystem.IsWindows() ? e.HResult & 0xFFFF : e.HResult).TrimEnd('.'),
    };
}
