using System.ComponentModel;
using System.Text.Json;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Runs scripts in a PowerShell of their own, with the module of this checkout imported.</summary>
internal static class PwshProcess
{
    private static readonly TimeSpan s_preparationLimit = TimeSpan.FromMinutes(10);

    // The program and its first arguments.
    private static readonly string[]? s_command = FindPrepared() ?? Prepare() ?? FindOnPath() ?? FindTool();

    /// <summary>
    /// Whether there is a PowerShell: the one that tests/prepare laid, which is told to when it has not; where it cannot, one on PATH, or
    /// the tool that dotnet tool restore fetched.
    /// </summary>
    public static bool IsThere => s_command is not null;

    /// <summary>Why tests/prepare could not lay PowerShell and Pester; null when it could, or had.</summary>
    public static string? WhyNotPrepared { get; private set; }

    public static bool HasModule(string name) =>
        Execute($"@(Get-Module -ListAvailable -Name '{name}').Count -gt 0").Output is ["True"];

    /// <summary>Runs a script after the import of the module; each line of its output is one object's text.</summary>
    /// <param name="script">The script.</param>
    /// <param name="limit">How long it may take; null for as long as any program.</param>
    public static PwshResult Run(string script, TimeSpan? limit = null) => Execute(
        $"""
        $ErrorActionPreference = 'Stop'
        $PSStyle.OutputRendering = 'PlainText'
        Set-Location -LiteralPath '{Repository.Root}'
        Import-Module ./XenDriverDomain.psd1
        {script}
        """,
        limit: limit);

    /// <summary>The same, where questions are asked, and the input ends without an answer.</summary>
    public static PwshResult RunUnanswered(string script) => Execute(
        $"""
        $PSStyle.OutputRendering = 'PlainText'
        Import-Module '{Repository.Root}/XenDriverDomain.psd1'
        {script}
        """,
        options: ["-NoProfile"]);

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

    private static PwshResult Execute(string script, string? home = null, string[]? options = null, TimeSpan? limit = null)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("xdd-pwsh-").FullName, "script.ps1");
        File.WriteAllText(file, script);
        try
        {
            return ProgramRun.Execute(
                s_command![0],
                [.. s_command[1..], .. options ?? ["-NoProfile", "-NonInteractive"], "-File", file],
                home is null ? null : environment =>
                {
                    environment["HOME"] = home;
                    foreach (string name in (string[])["PSModulePath", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"])
                    {
                        environment.Remove(name);
                    }
                },
                limit);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    // A fresh checkout has nothing of it, and its first test run is to leave nothing out: it takes seconds, once.
    private static string[]? Prepare()
    {
        try
        {
            PwshResult result = ProgramRun.Execute(Path.Combine(Repository.Root, "tests", "prepare"), ["tools"], limit: s_preparationLimit);
            WhyNotPrepared = result.ExitCode == 0 ? null : LastLine(result.Errors);
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            // No bash, or no network and a registry that is waited for.
            WhyNotPrepared = e.Message;
        }

        return WhyNotPrepared is null ? FindPrepared() : null;
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it says nothing";

    private static string[]? FindPrepared()
    {
        string prepared = Path.Combine(Repository.Root, "artifacts", "test-tools", "bin", "pwsh");
        return File.Exists(prepared) ? [prepared] : null;
    }

    private static string[]? FindOnPath()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "pwsh"))
            .FirstOrDefault(File.Exists);
        return program is null ? null : [program];
    }

    // A restored tool lies among the packages. "dotnet tool run" would find it as well, but not for a test with a home of its own.
    private static string[]? FindTool()
    {
        using JsonDocument manifest = JsonDocument.Parse(Repository.Read(".config", "dotnet-tools.json"));
        string version = manifest.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString()!;
        string tools = Path.Combine(
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
            "powershell",
            version,
            "tools");
        string? library = Directory.Exists(tools)
            ? Directory.EnumerateFiles(tools, "pwsh.dll", SearchOption.AllDirectories)
                .FirstOrDefault(file => Path.GetFileName(Path.GetDirectoryName(file)) == "unix")
            : null;
        return library is null ? null : ["dotnet", library];
    }
}
