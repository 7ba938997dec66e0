using System.Diagnostics;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Runs scripts in a PowerShell of their own, with the module of this checkout imported.</summary>
internal static class PwshProcess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, "pwsh"))
        .FirstOrDefault(File.Exists);

    public static bool HasModule(string name) =>
        Execute($"@(Get-Module -ListAvailable -Name '{name}').Count -gt 0").Output is ["True"];

    /// <summary>Runs a script after the import of the module; each line of its output is one object's text.</summary>
    public static PwshResult Run(string script) => Execute(
        $"""
        $ErrorActionPreference = 'Stop'
        $PSStyle.OutputRendering = 'PlainText'
        Set-Location -LiteralPath '{Repository.Root}'
        Import-Module ./XenDriverDomain.psd1
        {script}
        """);

    /// <summary>Runs a script where the module of this checkout plays no part.</summary>
    /// <param name="script">The script; an error ends it.</param>
    /// <param name="home">The folder that stands for the user's home, so that nothing of the user is read or written.</param>
    public static PwshResult RunApart(string script, string home) => Execute(
        $"""
        $ErrorActionPreference = 'Stop'
        $PSStyle.OutputRendering = 'PlainText'
        {script}
        """,
        home);

    private static PwshResult Execute(string script, string? home = null)
    {
        string file = System.IO.Path.Combine(Directory.CreateTempSubdirectory("xdd-pwsh-").FullName, "script.ps1");
        File.WriteAllText(file, script);
        ProcessStartInfo start = new(Path!, ["-NoProfile", "-NonInteractive", "-File", file])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        if (home is not null)
        {
            start.Environment["HOME"] = home;
            start.Environment.Remove("PSModulePath");
            start.Environment.Remove("XDG_DATA_HOME");
            start.Environment.Remove("XDG_CACHE_HOME");
            start.Environment.Remove("XDG_CONFIG_HOME");
        }

        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_limit))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"pwsh did not end in {s_limit}: {script}");
            }

            return new PwshResult(
                process.ExitCode,
                output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                errors.GetAwaiter().GetResult());
        }
        finally
        {
            Directory.Delete(System.IO.Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
