#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests and documents XenDriverDomain.
.EXAMPLE
./build.ps1 Test
#>
[CmdletBinding()]
param(
    # Build: the module, usable in place. Test: all C# tests. Lab: the acceptance suite on a Xen host in QEMU.
    # Docs: en-US/ from docs/. Pictures: docs/images/, and others to look at in artifacts/pictures.
    # Package: what is published, in artifacts/. Tour: the main job on a simulated dom0.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Lab', 'Tour', 'Docs', 'Pictures', 'Package')]
    [string[]] $Target = 'Build'
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Invoke-Program([string] $Name, [string[]] $Arguments) {
    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Name $Arguments ended with exit code $LASTEXITCODE." }
}

# dotnet test reads global.json, which names the test platform, from where it is called.
function Invoke-Test([string[]] $Arguments = @()) {
    Push-Location -LiteralPath $PSScriptRoot
    try { Invoke-Program dotnet (@('test') + $Arguments) }
    finally { Pop-Location }
}

$targets = @{
    Build    = { Invoke-Program dotnet build, "$PSScriptRoot/DriverDomain.sln", --configuration, Release }
    Test     = { Invoke-Test }
    Lab      = {
        $lab = "$PSScriptRoot/tests/lab/lab"
        Invoke-Program dotnet build, "$PSScriptRoot/src/XenDriverDomain", --configuration, Release
        Invoke-Program $lab build
        Invoke-Program $lab up, --iommu, intel, --name, acceptance
        try { Invoke-Program "$PSScriptRoot/tests/Acceptance/run" --name, acceptance }
        finally { & $lab down --name acceptance }
    }
    Docs     = { & "$PSScriptRoot/docs/Build-Help.ps1" }
    Pictures = {
        $env:XDD_PICTURES = "$PSScriptRoot/artifacts/pictures"
        try { Invoke-Test --project, tests/Core.Tests, --filter-class, *.PictureTests }
        finally { Remove-Item -Path Env:XDD_PICTURES }
        Copy-Item -Path "$PSScriptRoot/artifacts/pictures/topology.svg" -Destination "$PSScriptRoot/docs/images"
    }
    Tour     = { Invoke-Program dotnet run, --project, "$PSScriptRoot/src/Tour" }
    Package  = {
        # Compiled apart from bin/, so that a module in use stays as it is; and without source links, which depend on the clone.
        $binaries = "$PSScriptRoot/artifacts/bin/"
        if (Test-Path -LiteralPath $binaries) { Remove-Item -LiteralPath $binaries -Recurse }
        Invoke-Program dotnet build, "$PSScriptRoot/src/XenDriverDomain", --configuration, Release, "-p:ModuleFolder=$binaries", -p:EnableSourceLink=false
        & "$PSScriptRoot/build/Build-Package.ps1" -Binaries $binaries -Destination "$PSScriptRoot/artifacts"
        Remove-Item -LiteralPath $binaries -Recurse
    }
}
foreach ($name in $Target) { & $targets[$name] }
