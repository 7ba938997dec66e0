using XenDriverDomain.ModuleTests.Support;

namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>
/// The package of this checkout, packed once for all tests that look at it, of the assemblies that this test run has built.
/// </summary>
public sealed class BuiltPackage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdd-package-");
    private readonly Lazy<string> _artifacts;

    /// <summary>Packs nothing yet: the tests may be skipped.</summary>
    public BuiltPackage() => _artifacts = new Lazy<string>(() => Pack("artifacts"));

    /// <summary>The folder with the package, the symbols and the module's folder.</summary>
    internal string Artifacts => _artifacts.Value;

    internal string Package => Single("*.nupkg");

    internal string Symbols => Single("*.symbols.zip");

    /// <summary>A folder for a test.</summary>
    internal string NewFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>Packs into a folder of that name.</summary>
    internal string Pack(string name)
    {
        string destination = NewFolder(name);
        _ = PwshProcess.RunApart(
            $"""
            # A checkout without its history has no time of its own.
            $env:SOURCE_DATE_EPOCH = '1767323045'
            $null = & '{Repository.Root}/build/Build-Package.ps1' -Binaries '{Repository.Root}/bin' -Destination '{destination}'
            """,
            NewFolder("home")).Lines;
        return destination;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string Single(string pattern) => Directory.EnumerateFiles(Artifacts, pattern).Single();
}
