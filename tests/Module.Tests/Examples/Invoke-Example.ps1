<#
.SYNOPSIS
Executes the examples of docs/cmdlets on simulated hosts, and prints a line for each error that one writes.
.DESCRIPTION
The module is imported already. Before an example the host is put into the state that the example takes for granted, as
samples/Enter-Example.ps1 does it; examples that only look share it. What is written to the current folder goes into one of its own.
Nobody is asked: what asks for confirmation is confirmed.
The lines begin with ERROR, or RAN for an example that was executed; others are what examples print with -WhatIf.
#>
[CmdletBinding()]
param(
    # The folder with the pages.
    [Parameter(Mandatory)]
    [string] $Pages,
    # The names of those of them that are executed, with wildcards.
    [string] $Only = '*',
    # How often all of them are executed.
    [int] $Times = 1
)
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'

$enter = Convert-Path -LiteralPath "$PSScriptRoot/../../../samples/Enter-Example.ps1"

# Not executed, and why. That they bind to the parameters there are is tested for all.
$boundOnly = @{
    'Connect-XenDom0: Example 1'    = 'a host over SSH'
    'Connect-XenDom0: Example 2'    = 'a host over SSH'
    'Connect-XenDom0: Example 3'    = 'two hosts over SSH'
    'Connect-XenDom0: Example 4'    = 'a host over SSH'
    'Disconnect-XenDom0: Example 2' = 'the id of a host over SSH'
    'Get-XenGuest: Example 4'       = 'the ids of two hosts over SSH'
}

function Get-Example {
    foreach ($file in Get-ChildItem -Path (Join-Path $Pages '*.md')) {
        $text = Get-Content -LiteralPath $file.FullName -Raw
        foreach ($match in [regex]::Matches($text, '(?ms)^### (Example (\d+)): ([^\n]+)\n\n```powershell\n(.+?)\n```')) {
            [pscustomobject]@{
                Page   = $file.BaseName
                Number = [int] $match.Groups[2].Value
                Name   = "$($file.BaseName): $($match.Groups[1].Value)"
                Title  = $match.Groups[3].Value
                Code   = $match.Groups[4].Value
            }
        }
    }
}

# Whether an example leaves the host as it was.
function Test-Looking([string] $Code) { -not ([regex]::Matches($Code, '\w+-Xen\w+').Value -notmatch '^(Get|Export)-') }

function Clear-State {
    # Whatever is connected; when nothing is any more, that is an error.
    Get-XenDom0 -ErrorAction Ignore | Disconnect-XenDom0
    $script:state = $null
}

function Invoke-Example([object] $Example, [string] $Begin) {
    $looking = Test-Looking $Example.Code
    try {
        if (-not $looking -or $script:state -ne $Begin) {
            Clear-State
            $null = & $enter $Example.Page $Example.Number 3>$null
            $script:state = $Begin
        }

        # In a scope of its own, and with PowerShell's own way with errors: the next line goes on.
        & {
            $ErrorActionPreference = 'Continue'
            & ([scriptblock]::Create($Example.Code))
        } 2>&1 3>$null | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "ERROR $($Example.Name): $_" }
        "RAN $($Example.Name)"
    }
    catch { "ERROR $($Example.Name), beginning with ${Begin}: $_" }
    finally { if (-not $looking) { Clear-State } }
}

$state = $null
$examples = @(Get-Example)
# A line above that no page knows any more is an error as well, as is one of the script's that has the states.
$known = [regex]::Matches((Get-Content -LiteralPath $enter -Raw), "(?m)^    '(\w+-\w+(?:: Example \d+)?)' +=").ForEach{ $_.Groups[1].Value }
foreach ($name in @($known) + @($boundOnly.Keys)) {
    if ($name -notin $examples.Name -and $name -notin $examples.Page) { "ERROR ${name}: there is no such example" }
}

$work = Join-Path ([System.IO.Path]::GetTempPath()) "xdd-examples-$PID"
foreach ($time in 1..$Times) {
    foreach ($example in $examples.Where{ $_.Page -like $Only -and -not $boundOnly[$_.Name] }) {
        if ($example.Page -notin $known) { "ERROR $($example.Name): it is not said what it begins with"; continue }
        $begin = & $enter $example.Page $example.Number -NameOnly
        $null = New-Item -ItemType Directory -Path $work
        Push-Location -LiteralPath $work
        try { Invoke-Example $example $begin }
        finally {
            Pop-Location
            Remove-Item -LiteralPath $work -Recurse
        }
    }
}
