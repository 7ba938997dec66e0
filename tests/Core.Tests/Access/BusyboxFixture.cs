using System.Diagnostics;

namespace XenDriverDomain.Tests.Access;

/// <summary>A server whose sessions find busybox under every name they use.</summary>
public sealed class BusyboxFixture : SshFixture
{
    private string? _programs;

    protected override string Programs => Needs.Ssh + " busybox";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_programs is not null)
        {
            Directory.Delete(_programs, recursive: true);
        }
    }

    protected override string[] Settings()
    {
        _programs = Directory.CreateTempSubdirectory("xdd-busybox-").FullName;
        using Process install = Process.Start(new ProcessStartInfo(Needs.Find("busybox"), ["--install", "-s", _programs]))!;
        install.WaitForExit();
        if (!File.Exists($"{_programs}/flock") && Needs.WhatIsMissing("flock") is null)
        {
            // Debian's busybox leaves it out; Alpine's has it.
            File.CreateSymbolicLink($"{_programs}/flock", Needs.Find("flock"));
        }

        return [$"SetEnv PATH={_programs}"];
    }
}
