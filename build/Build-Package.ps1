<#
.SYNOPSIS
Packs the built module: its folder, the package for a gallery, and the symbols apart.
.DESCRIPTION
Run by `./build.ps1 Package`. The same commit gives the same bytes, wherever and whenever it is packed: entries are sorted and carry the
commit's time, and nothing in them names this machine.
#>
[CmdletBinding()]
param(
    # Where the built assemblies and their symbols lie.
    [Parameter(Mandatory)]
    [string] $Binaries,

    # Where the results go. What an earlier run left there under the same names is replaced.
    [Parameter(Mandatory)]
    [string] $Destination
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
. "$PSScriptRoot/ReproducibleZip.ps1"
. "$PSScriptRoot/GalleryPackage.ps1"

$root = Convert-Path "$PSScriptRoot/.."
$name = 'XenDriverDomain'
$manifest = Import-PowerShellDataFile -LiteralPath "$root/$name.psd1"
$version = $manifest.ModuleVersion

# Only what is needed at run time.
function Get-ModuleFile {
    $files = @{}
    foreach ($file in "$name.psd1", "$name.Pester.psm1", 'LICENSE', 'CHANGELOG.md') {
        $files[$file] = "$root/$file"
    }

    foreach ($file in Get-ChildItem -LiteralPath "$root/en-US" -File) { $files["en-US/$($file.Name)"] = $file.FullName }
    # Hosts that Connect-XenDom0 -Simulated -Machine knows by name.
    foreach ($file in Get-ChildItem -LiteralPath "$root/machines" -File) { $files["machines/$($file.Name)"] = $file.FullName }
    # Beside bin/ itself, what was compiled ahead for one kind of machine, in a folder of its own.
    foreach ($file in Get-ChildItem -LiteralPath $Binaries -Recurse -Include "$name*.dll", "$name*.ps1xml") {
        $files["bin/$([System.IO.Path]::GetRelativePath($Binaries, $file.FullName))"] = $file.FullName
    }
    if (Test-Path -LiteralPath "$root/docs/tour.ps1") { $files['docs/tour.ps1'] = "$root/docs/tour.ps1" }
    foreach ($file in $manifest.RootModule, $manifest.FormatsToProcess) {
        if (-not $files.ContainsKey($file)) { throw "There is no $file in $Binaries. Build it first: ./build.ps1 Package does." }
    }
    $files
}

# The commit's time, or what reproducible-builds.org has agreed on for sources without their history.
function Get-SourceTime {
    $seconds = $env:SOURCE_DATE_EPOCH
    if (-not $seconds) { $seconds = git -C $root log -1 --format=%ct 2>$null }
    if (-not $seconds) { throw 'The time of the sources is unknown: pack in a git checkout, or set SOURCE_DATE_EPOCH.' }
    [DateTimeOffset]::FromUnixTimeSeconds([long] $seconds)
}

# "## [1.2.3] - 2026-11-22" and what follows it, up to the next version.
function Get-ReleaseNote {
    $text = Get-Content -LiteralPath "$root/CHANGELOG.md" -Raw
    if ($text -notmatch '(?ms)^## \[[^\]]+\][^\n]*\n(.+?)(?=^## \[|\z)') { throw 'CHANGELOG.md has no section of a version.' }
    $Matches[1].Trim()
}

$null = New-Item -ItemType Directory -Path $Destination -Force
$Destination = Convert-Path -LiteralPath $Destination
$time = Get-SourceTime
$files = Get-ModuleFile

$folder = "$Destination/$name/$version"
if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse }
foreach ($file in $files.Keys) {
    $null = New-Item -ItemType Directory -Path (Split-Path "$folder/$file") -Force
    Copy-Item -LiteralPath $files[$file] -Destination "$folder/$file"
}

$entries = @{}
foreach ($file in $files.Keys) { $entries[$file] = [System.IO.File]::ReadAllBytes($files[$file]) }
$parts = Get-GalleryPart -Name $name -Manifest $manifest -ReleaseNote (Get-ReleaseNote) -File $files.Keys
New-ReproducibleZip -Path "$Destination/$name.$version.nupkg" -Entry ($entries + $parts) -Time $time

$symbols = @{}
foreach ($file in Get-ChildItem -Path "$Binaries/$name*.pdb") { $symbols["bin/$($file.Name)"] = [System.IO.File]::ReadAllBytes($file.FullName) }
New-ReproducibleZip -Path "$Destination/$name.$version.symbols.zip" -Entry $symbols -Time $time

Get-Item -LiteralPath $folder, "$Destination/$name.$version.nupkg", "$Destination/$name.$version.symbols.zip"
