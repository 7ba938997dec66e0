using System.Collections.Concurrent;
using System.IO.Enumeration;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Pci;

/// <summary>
/// Which kernel modules say that they know a function: depmod's modules.alias maps patterns such as
/// <c>pci:v00008086d000010D3sv*sd*bc*sc*i*</c> to modules. The file has megabytes, so grep picks the lines on dom0 that can match.
/// </summary>
internal sealed class ModuleAliases(IDom0Commands commands)
{
    // "alias pci:v00008086d000010D3" is enough to tell lines apart.
    private const int VendorEnd = 13;
    private const int DeviceEnd = 22;

    private readonly ConcurrentDictionary<(string Release, string Alias), IReadOnlyList<string>> _known = new();

    /// <summary>The modules by modalias; empty lists where grep or the file is missing.</summary>
    /// <param name="sys">What the kernel said of itself and of its devices.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> FindAsync(
        Task<BulkAnswer> sys, CancellationToken cancellationToken)
    {
        BulkAnswer answer = await sys.ConfigureAwait(false);
        string[] aliases = [.. AliasesIn(answer)];
        if (ReleaseIn(answer) is not { } release)
        {
            return new Dictionary<string, IReadOnlyList<string>>();
        }

        string[] asked = [.. aliases.Where(alias => !_known.ContainsKey((release, alias)))];
        if (asked.Length > 0)
        {
            ModuleAlias[] lines = await GrepAsync(release, asked, cancellationToken).ConfigureAwait(false);
            foreach (string alias in asked)
            {
                _known[(release, alias)] =
                [
                    .. lines.Where(line => FileSystemName.MatchesSimpleExpression(line.Pattern, alias, ignoreCase: false))
                        .Select(line => line.Module).Distinct(),
                ];
            }
        }

        return aliases.ToDictionary(alias => alias, alias => _known[(release, alias)]);
    }

    /// <summary>The patterns of modules.alias that match one of the modaliases, with their modules.</summary>
    public async Task<IReadOnlyList<ModuleAlias>> FindPatternsAsync(BulkAnswer sys, CancellationToken cancellationToken)
    {
        string[] aliases = [.. AliasesIn(sys)];
        return ReleaseIn(sys) is { } release && aliases.Length > 0
            ? [.. (await GrepAsync(release, aliases, cancellationToken).ConfigureAwait(false))
                .Where(line => aliases.Any(alias => FileSystemName.MatchesSimpleExpression(line.Pattern, alias, ignoreCase: false)))]
            : [];
    }

    private static IEnumerable<string> AliasesIn(BulkAnswer sys) =>
        sys.Files.Keys.Where(path => path.EndsWith("/modalias", StringComparison.Ordinal)).Select(path => sys.Files[path].Trim())
            .Where(alias => alias.StartsWith("pci:v", StringComparison.Ordinal) && alias.Length > DeviceEnd).Distinct();

    /// <summary>The kernel's release, when it can be part of a path.</summary>
    private static string? ReleaseIn(BulkAnswer sys) =>
        sys.Files.GetValueOrDefault("/proc/sys/kernel/osrelease")?.Trim() is { Length: > 0 } text
            && !text.Contains('/', StringComparison.Ordinal) ? text : null;

    private async Task<ModuleAlias[]> GrepAsync(
        string release, string[] aliases, CancellationToken cancellationToken)
    {
        IEnumerable<string> beginnings = aliases
            .SelectMany(alias => new[] { alias[..DeviceEnd], alias[..VendorEnd] + "d*" }).Append("pci:v*").Distinct();
        CommandRequest grep = new(
            "grep",
            ["-h", "-F", .. beginnings.SelectMany(text => new[] { "-e", $"alias {text}" }), $"/lib/modules/{release}/modules.alias"])
        {
            Timeout = TimeSpan.FromSeconds(20),
        };
        try
        {
            CommandResult result = await commands.RunAsync(grep, cancellationToken).ConfigureAwait(false);
            return
            [
                .. result.StandardOutput.Split('\n').Select(line => line.Split(' '))
                    .Where(words => words is ["alias", _, { Length: > 0 }]).Select(words => new ModuleAlias(words[1], words[2])),
            ];
        }
        catch (XenDriverDomainException)
        {
            // Which modules there are is a help for the reader, nothing that any decision rests on.
            return [];
        }
    }
}

/// <summary>A line of modules.alias.</summary>
/// <param name="Pattern">Which functions, <c>pci:v00008086d000010D3sv*sd*bc*sc*i*</c>.</param>
/// <param name="Module">The module that says that it knows them.</param>
internal sealed record ModuleAlias(string Pattern, string Module);
