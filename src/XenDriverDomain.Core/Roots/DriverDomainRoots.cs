using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Images;
using XenDriverDomain.Network;
using XenDriverDomain.Waiting;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Roots;

/// <summary>What is to become of a root.</summary>
public sealed record InitializeRootRequest
{
    /// <summary>The root: a directory where it is mounted, an image of its file system, or a block device with it.</summary>
    public required string Path { get; init; }

    /// <summary>What it is to serve.</summary>
    public required DriverDomainRole Role { get; init; }

    /// <summary>The bridge that is made in it.</summary>
    public string Bridge { get; init; } = DriverDomainRoots.DefaultBridge;

    /// <summary>Whether what is missing of Xen is copied from dom0.</summary>
    public bool CopyFromDom0 { get; init; }
}

/// <summary>Roots that others have installed, as insides of driver domains: what they lack, and the steps that see to it.</summary>
/// <param name="dom0">The host.</param>
/// <param name="xl">Its xl.</param>
public sealed class DriverDomainRoots(Dom0 dom0, XlTool xl)
{
    /// <summary>The bridge's name when none is given.</summary>
    public const string DefaultBridge = "xenbr0";

    // The longest modules.builtin of any distribution is a tenth of it.
    private const int MaxBuiltIn = 1024 * 1024;

    private static readonly string[] s_versionFiles = ["/sys/hypervisor/version/major", "/sys/hypervisor/version/minor"];

    private readonly RootImages _images = new(new HostHand(dom0, xl));

    /// <summary>What a root lacks to serve as a driver domain, and what must not be in it; changes nothing.</summary>
    /// <param name="path">The root.</param>
    /// <param name="role">What it is to serve.</param>
    /// <param name="bridge">The bridge that is to be in it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="XenDriverDomainException">
    /// RootPathInvalid, RootNotFound, RootNotRecognised, RootImageInUse, RootImagePartitioned, RootImageNotMounted, RootImageStillMounted,
    /// InterfaceNameMalformed, Dom0Locked.
    /// </exception>
    public async Task<IReadOnlyList<RootFinding>> TestAsync(
        string path, DriverDomainRole role, string bridge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        InterfaceName.Check(bridge);
        RootPlace place = await RootImages.FindAsync(dom0, path, cancellationToken).ConfigureAwait(false);
        return await LookAsync(
            place, holdsLock: false,
            async root =>
            {
                (RootFacts facts, RootQuestion question) = await Together.AllAsync(
                    ReadAsync(place, root, cancellationToken), AskAsync(place, role, bridge, cancellationToken)).ConfigureAwait(false);
                return Judge(facts, question);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Plans what makes a root the inside of a driver domain.</summary>
    /// <param name="request">What is to become of it.</param>
    /// <param name="holdsLock">Whether the caller has the host's lock, without which no image is mounted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="XenDriverDomainException">
    /// Those of <see cref="TestAsync"/>; what is missing, by the id of the first finding; RootCopyDoesNotFit.
    /// </exception>
    public async Task<PlannedChange<DriverDomainRoot>> PlanInitializeAsync(
        InitializeRootRequest request, bool holdsLock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        InterfaceName.Check(request.Bridge);
        RootPlace place = await RootImages.FindAsync(dom0, request.Path, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChangeStep> steps = await LookAsync(
            place, holdsLock, root => PlanAsync(place, root, request, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (place.IsImage && steps.Count > 0)
        {
            steps = [_images.Mount(place), .. steps, RootImages.Unmount(place)];
        }

        return new PlannedChange<DriverDomainRoot>(
            new ChangePlan($"Make {Terminal.Text.Show(place.Path)} the inside of a driver domain", steps),
            token => ReadBackAsync(place, request, holdsLock, token));
    }

    private async Task<IReadOnlyList<ChangeStep>> PlanAsync(
        RootPlace place, string root, InitializeRootRequest request, CancellationToken cancellationToken)
    {
        (RootFacts facts, RootQuestion question) = await Together.AllAsync(
            ReadAsync(place, root, cancellationToken), AskAsync(place, request.Role, request.Bridge, cancellationToken))
            .ConfigureAwait(false);
        IReadOnlyList<RootFinding> findings = Judge(facts, question);
        RootFinding[] refusing =
        [
            .. findings.Where(finding => finding is { Severity: FindingSeverity.Error, IsSeenTo: false, Id: not ErrorIds.RootModuleMissing }
                && !(request.CopyFromDom0 && finding.IsCopied)),
        ];
        if (refusing.Length > 0)
        {
            throw Refused(refusing, place);
        }

        foreach (RootFinding finding in findings.Where(finding => finding is { IsSeenTo: false, IsCopied: false }))
        {
            dom0.Reporter.Warning($"{finding.Cause} {finding.Remedy}");
        }

        Dom0Copies copies = new(dom0, facts, question);
        IReadOnlyList<Dom0Copy> copied = findings.Any(finding => finding.IsCopied)
            ? await copies.PlanAsync(cancellationToken).ConfigureAwait(false)
            : [];
        return await new RootPlanner(dom0, facts, question).PlanAsync(copied, copies.Links, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DriverDomainRoot> ReadBackAsync(
        RootPlace place, InitializeRootRequest request, bool holdsLock, CancellationToken cancellationToken)
    {
        RootQuestion question = await AskAsync(place, request.Role, request.Bridge, cancellationToken).ConfigureAwait(false);
        RootFacts facts = await LookAsync(
            place, holdsLock, root => ReadAsync(place, root, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new DriverDomainRoot
        {
            Dom0 = dom0.Id,
            Path = place.Path,
            Role = request.Role,
            Bridge = request.Role == DriverDomainRole.Disk ? null : request.Bridge,
            Distribution = facts.Distribution,
            Init = facts.Init,
            Network = facts.Network,
            LibC = facts.LibC,
            XenVersion = [.. facts.XenVersions.Select(version => Terminal.Text.Show(version, 40))],
            Kernel = [.. facts.Kernels.Select(kernel => Terminal.Text.Show(kernel, 80))],
            Findings = Judge(facts, question),
        };
    }

    private async Task<T> LookAsync<T>(
        RootPlace place, bool holdsLock, Func<string, Task<T>> lookAsync, CancellationToken cancellationToken)
    {
        if (!place.IsImage)
        {
            return await lookAsync(place.Real).ConfigureAwait(false);
        }

        using ChangeLock? held = holdsLock
            ? null
            : await ChangeLock.TakeAsync(dom0, $"look into {place.Path}", ChangeLock.DefaultPatience, cancellationToken)
                .ConfigureAwait(false);
        return await _images.LookAsync(place, lookAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RootFacts> ReadAsync(RootPlace place, string root, CancellationToken cancellationToken)
    {
        RootTree tree = await new RootReader(dom0.Files).ReadAsync(root, RootQueries.Names, RootQueries.Texts, cancellationToken)
            .ConfigureAwait(false);
        if (!tree.Exists("/etc") || tree.First("/usr/bin", "/bin") is null
            || tree.First("/etc/os-release", "/sbin/init", "/etc/passwd") is null)
        {
            throw new XenDriverDomainException(
                ErrorIds.RootNotRecognised,
                ErrorKind.InvalidArgument,
                $"{Terminal.Text.Show(place.Path)} is no root of an installed system: it lacks /etc, /usr/bin or /bin, or all of "
                    + "/etc/os-release, /sbin/init and /etc/passwd.",
                "Give the directory that has these; install a system first, with debootstrap for example.",
                place.Path);
        }

        Dictionary<string, string> builtIn = new(StringComparer.Ordinal);
        foreach (string list in tree.Match("/lib/modules/*/modules.builtin"))
        {
            byte[] text = await dom0.Files.ReadAsync(tree.OnHost(list), MaxBuiltIn, cancellationToken).ConfigureAwait(false);
            builtIn[list.Split('/')[^2]] = Encoding.Latin1.GetString(text);
        }

        return new RootFacts(tree, builtIn);
    }

    private async Task<RootQuestion> AskAsync(RootPlace place, DriverDomainRole role, string bridge, CancellationToken cancellationToken)
    {
        BulkAnswer host = await dom0.Files.ReadManyAsync(
            new BulkQuery(s_versionFiles, [], [.. RootQueries.ScriptFolders]), cancellationToken).ConfigureAwait(false);
        string? version = s_versionFiles.All(host.Files.ContainsKey)
            ? string.Join('.', s_versionFiles.Select(path => host.Files[path].Trim()))
            : null;
        return new RootQuestion(
            dom0.Id, place.Path, role, bridge,
            RootQueries.ScriptFolders.FirstOrDefault(host.Names.Contains) ?? RootQueries.ScriptFolders[0],
            version is not null && version.All(c => char.IsAsciiDigit(c) || c == '.') ? version : null);
    }

    private static IReadOnlyList<RootFinding> Judge(RootFacts facts, RootQuestion question) => new RootChecks(facts, question).Judge();

    private static XenDriverDomainException Refused(RootFinding[] findings, RootPlace place)
    {
        XenDriverDomainException error = Finding.ToException(findings, place.Path);
        return new XenDriverDomainException(
            error.ErrorId,
            error.Kind,
            $"{Terminal.Text.Show(place.Path)} cannot become the inside of a driver domain: {error.Message}",
            string.Join(' ', findings.Select(finding => finding.Remedy).Distinct(StringComparer.Ordinal))
                + (findings.All(finding => finding.IsCopied) ? " Or have it copied from dom0 with -CopyFromDom0." : string.Empty),
            place.Path);
    }
}
