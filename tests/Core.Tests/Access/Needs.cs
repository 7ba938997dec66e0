using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Tests.Access;

/// <summary>What this machine has.</summary>
internal static class Needs
{
    public const string Ssh = "ssh sshd ssh-keygen";

    public static string SearchPath { get; } = ProgramSearch.ExtendedPath(Environment.GetEnvironmentVariable("PATH"));

    public static string Find(string program) => ProgramSearch.Find(program, SearchPath) ?? throw new FileNotFoundException(program);

    public static string? WhatIsMissing(string programs)
    {
        string[] missing = [.. programs.Split(' ').Where(program => ProgramSearch.Find(program, SearchPath) is null)];
        return missing.Length == 0 ? null : $"not installed here: {string.Join(", ", missing)}";
    }
}
