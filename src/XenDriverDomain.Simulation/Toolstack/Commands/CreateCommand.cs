using System.Text;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Domains;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl create</c>. The configuration is read by this product's own parser, which is stricter than xl's.</summary>
internal sealed class CreateCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "create";

    /// <inheritdoc/>
    public string Usage => "<ConfigFile> [options] [vars]";

    /// <inheritdoc/>
    public string Description => "Create a domain from config file <filename>";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "Fnqf:pcdeVAi", 0, ("quiet", 'q'), ("defconfig", 'f'), ("dryrun", 'n'), ("vncviewer", 'V'));
        List<string> rest = [.. arguments.Rest];
        string? path = arguments.Value('f');
        if (path is null && rest.Count > 0 && !rest[0].Contains('=', StringComparison.Ordinal))
        {
            path = rest[0];
            rest.RemoveAt(0);
        }

        if (path is null)
        {
            process.Complain("Config file not specified and none in save file");
            return -LibxlError.Invalid;
        }

        string? text = path == "/dev/null" ? string.Empty : process.World.Machine.Files.Text(path);
        if (text is null)
        {
            process.Complain($"Failed to read config file: {path}: No such file or directory");
            return -LibxlError.Fail;
        }

        if (!arguments.Has('q'))
        {
            process.Complain($"Parsing config from {path}");
        }

        if (Read(process, path, text, rest) is not { } configuration)
        {
            return 1;
        }

        (SimulatedDomain? domain, int code) = await DomainCreation.RunAsync(process, configuration).ConfigureAwait(false);
        if (domain is null)
        {
            return -code;
        }

        if (!arguments.Has('e'))
        {
            DomainMonitor.Start(process.World, domain, configuration);
        }

        if (!arguments.Has('p'))
        {
            domain.Unpause();
        }

        return 0;
    }

    private static DomainConfiguration? Read(XlProcess process, string path, string text, List<string> extra)
    {
        StringBuilder whole = new(text);
        foreach (string line in extra)
        {
            whole.Append('\n').Append(line);
        }

        try
        {
            return DomainConfiguration.FromXlConfig(
                XlConfigDocument.Parse(whole.Append(extra.Count > 0 ? "\n" : string.Empty).ToString(), path));
        }
        catch (XenDriverDomainException e)
        {
            process.Complain(e.Message);
            process.Complain("Failed to parse config: Invalid argument");
            return null;
        }
    }
}
