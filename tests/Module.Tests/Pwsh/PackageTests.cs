using System.IO.Compression;
using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The package, and the module as it is used from there.</summary>
public class PackageTests(BuiltPackage package) : IClassFixture<BuiltPackage>
{
    /// <summary>What makes the zip file a package of a gallery.</summary>
    private static readonly string[] s_packaging =
    [
        "XenDriverDomain.nuspec", "[Content_Types].xml", "_rels/.rels", "package/services/metadata/core-properties/XenDriverDomain.psmdcp",
    ];

    [PwshFact]
    public void It_holds_what_is_needed_at_run_time_and_nothing_else()
    {
        IEnumerable<string> expected =
        [
            .. Directory.EnumerateFiles(Repository.Root, "XenDriverDomain.*").Select(f => Path.GetFileName(f)),
            "LICENSE",
            "CHANGELOG.md",
            .. Repository.Files("en-US", "*").Select(f => "en-US/" + Path.GetFileName(f)),
            .. Repository.Files("machines", "*").Select(f => "machines/" + Path.GetFileName(f)),
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "bin"), "*", SearchOption.AllDirectories)
                .Where(f => Path.GetExtension(f) != ".pdb").Select(f => Path.GetRelativePath(Repository.Root, f)),
            .. File.Exists(Path.Combine(Repository.Root, "docs", "tour.ps1")) ? ["docs/tour.ps1"] : Array.Empty<string>(),
        ];
        string module = Path.Combine(package.Artifacts, "XenDriverDomain", Version());

        Assert.Equal(expected.Concat(s_packaging).Order(StringComparer.Ordinal), Entries(package.Package));
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(module, f))
                .Order(StringComparer.Ordinal));
    }

    [PwshFact]
    public void The_symbols_of_every_assembly_lie_apart()
    {
        Assert.Equal(
            Entries(package.Package).Where(e => e.EndsWith(".dll", StringComparison.Ordinal) && Path.GetDirectoryName(e) == "bin")
                .Select(e => Path.ChangeExtension(e, ".pdb")),
            Entries(package.Symbols));
    }

    [PwshFact]
    public void It_is_the_same_in_every_byte_wherever_it_is_packed()
    {
        string other = package.Pack("a folder with another name");
        Assert.All(
            [package.Package, package.Symbols],
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(other, Path.GetFileName(file)))));
    }

    [PwshFact]
    public void Every_part_has_a_type_and_a_gallery_finds_the_description()
    {
        Assert.Equal(["0", "XenDriverDomain", Version(), "/XenDriverDomain.nuspec", "XenDriverDomain", "True"], PwshProcess.RunApart(
            $$"""
            $package = [System.IO.Packaging.Package]::Open('{{package.Package}}', 'Open', 'Read', 'Read')
            # A file whose type is not declared is no part of the package.
            $names = [System.IO.Compression.ZipFile]::OpenRead('{{package.Package}}').Entries.FullName
            $parts = $package.GetParts().Uri.OriginalString.TrimStart('/')
            @($names | Where-Object { $_ -notin $parts -and $_ -ne '[Content_Types].xml' }).Count
            $package.PackageProperties.Identifier
            $package.PackageProperties.Version
            $description = $package.GetRelationshipsByType('http://schemas.microsoft.com/packaging/2010/07/manifest').TargetUri
            $description.OriginalString
            $nuspec = [xml] [System.IO.StreamReader]::new($package.GetPart($description).GetStream()).ReadToEnd()
            $nuspec.package.metadata.id
            -not (Compare-Object ($nuspec.package.metadata.tags -split ' ' -match '^PSCommand_' -replace '^PSCommand_') (
                Import-PowerShellDataFile '{{Repository.Root}}/XenDriverDomain.psd1').CmdletsToExport)
            """,
            package.NewFolder("home")).Lines);
    }

    [PwshFact]
    public void Unpacked_where_there_is_no_other_module_it_has_its_help_and_its_tour()
    {
        string modules = package.NewFolder("modules");
        ZipFile.ExtractToDirectory(package.Package, Path.Combine(modules, "XenDriverDomain", Version()));

        // What the tour tells, its plans with -WhatIf above all, goes to the terminal.
        IReadOnlyList<string> lines = PwshProcess.RunApart(
            $$"""
            $env:PSModulePath = "{{modules}}:$PSHOME/Modules"
            $null = & (Get-ChildItem -Path '{{modules}}/*/*/docs/tour.ps1').FullName
            'after the tour'
            (Import-Module -Name XenDriverDomain -PassThru).ModuleBase
            {{HelpTests.GapsInHelp}}
            (Connect-XenDom0 -Simulated -Machine laptop).Simulation.Run('cat /etc/hostname').StandardOutput.Trim()
            foreach ($topic in Get-ChildItem -Path '{{modules}}/*/*/en-US/about_*') {
                $name = $topic.Name -replace '\.help\.txt$'
                if ("$(Get-Help -Name $name)" -notmatch 'LONG DESCRIPTION') { $name }
            }
            """,
            package.NewFolder("home")).Lines;
        Assert.Equal(
            [Path.Combine(modules, "XenDriverDomain", Version()), "laptop"], lines.SkipWhile(line => line != "after the tour").Skip(1));
    }

    [PwshFact("Microsoft.PowerShell.PSResourceGet")]
    public void Install_PSResource_takes_it_from_a_folder()
    {
        Assert.Equal([Version(), "True", "True"], PwshProcess.RunApart(
            $"""
            Register-PSResourceRepository -Name folder -Uri '{package.Artifacts}' -Trusted
            Install-PSResource -Name XenDriverDomain -Repository folder -Quiet
            "$((Get-InstalledPSResource -Name XenDriverDomain).Version)"
            $module = Import-Module -Name XenDriverDomain -PassThru
            $module.ModuleBase.StartsWith($HOME)
            $module.ExportedCmdlets.ContainsKey('Get-XenPciDevice')
            """,
            package.NewFolder("home")).Lines);
    }

    private static string Version() => typeof(Cmdlets.AsyncCmdlet).Assembly.GetName().Version!.ToString(3);

    private static List<string> Entries(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        return [.. archive.Entries.Select(e => e.FullName)];
    }
}
