using System.Diagnostics;
using System.Globalization;

namespace XenDriverDomain.Tests.Configuration.Xm;

/// <summary>A real Python, where there is one.</summary>
internal static class Python
{
    /// <summary>The program of a generation: python2 or python3; null when there is none.</summary>
    public static string? Find(int major)
    {
        string program = string.Create(CultureInfo.InvariantCulture, $"python{major}");
        try
        {
            return Run(program, ["-c", "import sys; sys.stdout.write(str(sys.version_info[0]))"])
                == major.ToString(CultureInfo.InvariantCulture) ? program : null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What a program prints; an exception when it fails.</summary>
    public static string Run(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(errors.Result);
    }
}
