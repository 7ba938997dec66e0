using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Runs scripts in a PowerShell of their own, with the module of this checkout imported.</summary>
internal static class PwshProcess
{
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
        try
        {
            return ProgramRun.Execute(
                Path!,
                ["-NoProfile", "-NonInteractive", "-File", file],
                home is null ? null : environment =>
                {
                    environment["HOME"] = home;
                    foreach (string name in (string[])["PSModulePath", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"])
                    {
                        environment.Remove(name);
                    }
                });
        }
        finally
        {
            Directory.Delete(System.IO.Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
