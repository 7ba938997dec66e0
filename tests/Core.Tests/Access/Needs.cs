using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Tests.Access;

/// <summary>What this machine has.</summary>
internal static class Needs
{
    public const string Ssh = "ssh sshd ssh-keygen";

    // What tests/prepare, and dotnet test itself, lay into the checkout goes first.
    public static string SearchPath { get; } = ProgramSearch.ExtendedPath($"{Laid()}:{Environment.GetEnvironmentVariable("PATH")}");

    public static string Find(string program) => ProgramSearch.Find(program, SearchPath) ?? throw new FileNotFoundException(program);

    public static string? WhatIsMissing(string programs)
    {
        string[] missing = [.. programs.Split(' ').Where(program => ProgramSearch.Find(program, SearchPath) is null)];
        return missing.Length == 0 ? null : $"not installed here: {string.Join(", ", missing)}";
    }

    private static string Laid()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, ".config", "dotnet-tools.json")))
            {
                return Path.Combine(at.FullName, "artifacts", "test-tools", "bin");
            }
        }

        return "/nonexistent";
    }
}
