using System.Diagnostics;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Runs a program of this machine in the checkout, without input and without colours.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="change">Changes the environment that it gets; null for none but that it is to be quiet.</param>
    /// <param name="limit">How long it may take; null for four minutes.</param>
    public static PwshResult Execute(
        string program, IReadOnlyList<string> arguments, Action<IDictionary<string, string?>>? change = null, TimeSpan? limit = null)
    {
        TimeSpan longest = limit ?? s_limit;
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";

        // It ends before what is counted to compile hot methods better has paid.
        start.Environment["DOTNET_TieredPGO"] = "0";

        // A machine without ICU has one culture with what belongs to it; the names of the others are still names.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = "false";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        change?.Invoke(start.Environment);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end in {longest}: {string.Join(' ', arguments)}");
        }

        return new PwshResult(
            process.ExitCode,
            output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            errors.GetAwaiter().GetResult());
    }
}
