<#
.SYNOPSIS
Which methods the just-in-time compiler must compile for the import of the module and for a first cmdlet.
.DESCRIPTION
Each takes about 0.2 ms, which is most of what a first cmdlet takes. The core is compiled ahead (docs/decisions.md); what is left is
this module's own assembly, and what the framework's generics become with our value types and our asynchronous methods. The runtime
tells it (DOTNET_JitStdOutFile), and sometimes crashes at its end when it does, which pwsh without the module does as well. What such
a pwsh compiles too is left out. What an asynchronous method compiles depends on who comes first: counts differ by a few.
.EXAMPLE
./tests/bench/jit.ps1 -Command 'Connect-XenDom0 -Simulated' | Group-Object Of | Sort-Object Count -Descending
How many methods of each kind, most first.
#>
param(
    # What is run after the import.
    [string] $Command = 'Connect-XenDom0 -Simulated',
    # The manifest. A Release build is what counts: ./build.ps1 Build.
    [string] $Module = "$PSScriptRoot/../../XenDriverDomain.psd1"
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Get-Compiled([string] $What) {
    $file = New-TemporaryFile
    try {
        $env:DOTNET_JitStdOutFile = $file
        $env:DOTNET_JitDisasmSummary = 1
        $null = pwsh -NoProfile -NonInteractive -Command $What
        # "12: JIT compiled Namespace.Type:Method(args):result [Tier0, IL size=1, code size=2]". Later tiers come of themselves, aside.
        foreach ($line in Get-Content -LiteralPath $file) {
            if ($line -match '^\s*\d+: JIT compiled (.+) \[(?:Tier0|MinOpts|FullOpts|Instrumented Tier0)\b') { $Matches[1] }
        }
    }
    finally {
        Remove-Item -LiteralPath Env:DOTNET_JitStdOutFile, Env:DOTNET_JitDisasmSummary
        Remove-Item -LiteralPath $file
    }
}

$ours = Convert-Path -LiteralPath $Module
$known = [System.Collections.Generic.HashSet[string]] @(Get-Compiled "try { Get-Item -LiteralPath / | Out-Null } catch { }")
Get-Compiled "Import-Module -Name '$ours'; try { `$null = $Command } catch { }" | Where-Object { -not $known.Contains($_) } | ForEach-Object {
    $of = switch -Regex ($_) {
        'AsyncStateMachineBox|AsyncTaskMethodBuilder|AsyncMethodBuilderCore' { 'asynchronous methods that waited'; break }
        '^System\.Linq\.' { 'Linq with value types'; break }
        '^XenDriverDomain\.(Binding|Cmdlets|Commands|Completion|Files|Session)\.' { "the module's own assembly"; break }
        '^(XenDriverDomain|<)' { 'the core'; break }
        '^(dynamicClass|\(dynamicClass\))' { "PowerShell's dynamic methods"; break }
        '^System\.Collections' { 'collections of value types'; break }
        default { 'others' }
    }
    [pscustomobject] @{ Of = $of; Method = $_ }
}
