<#
.SYNOPSIS
How long Import-Module takes in a fresh pwsh, and the first cmdlet after it: medians, beside their limits.
.DESCRIPTION
Measured inside the process, so pwsh's own start is not counted: in a session as a person has it, where pwsh has imported PSReadLine,
and in a script, where ours is the first module and pays for what PowerShell does once in a process. The floor is a module of one
cmdlet and one view, made here: what pwsh itself needs to import any module. The processor time shows what a busy machine adds to the
clock's.
.EXAMPLE
./tests/bench/import.ps1
Measures the module of this checkout, as it was last built. A Release build is what counts: ./build.ps1 Build.
.EXAMPLE
./tests/bench/import.ps1 -Baseline /tmp/before/XenDriverDomain.psd1 -Rounds 31
Measures another build of the module in the same run, turn and turn about, and prints by how much this one takes longer: what changes
between two runs, such as a busy machine, says nothing of the module.
#>
param(
    # The manifest.
    [string] $Module = "$PSScriptRoot/../../XenDriverDomain.psd1",
    # The manifest of the build to compare with.
    [string] $Baseline,
    [int] $Rounds = 11
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$importLimit = 50
$firstLimit = 150

# What is run in each fresh pwsh; it prints milliseconds: the clock's and the processor's, of the import and of the cmdlet.
$measure = {
    param([string] $Path, [string] $Command, [string] $Before)
    $ErrorActionPreference = 'Stop'
    if ($Before) { Import-Module -Name $Before }
    $process = [Diagnostics.Process]::GetCurrentProcess()
    $watch = [Diagnostics.Stopwatch]::new()
    $time = {
        param([scriptblock] $What)
        $process.Refresh()
        $before = $process.TotalProcessorTime
        $watch.Restart()
        $null = . $What
        $watch.Stop()
        $process.Refresh()
        $watch.Elapsed.TotalMilliseconds
        ($process.TotalProcessorTime - $before).TotalMilliseconds
    }
    # What measures is not what is measured.
    $null = & $time {}
    $first = [scriptblock]::Create($Command)
    "$((& $time { Import-Module $Path }) + (& $time $first))"
}

function Get-Median([double[]] $Value) { ($Value | Sort-Object)[[Math]::Floor($Value.Count / 2)] }

$work = Join-Path ([System.IO.Path]::GetTempPath()) "xdd-bench-$PID"
$null = New-Item -ItemType Directory -Path $work
try {
    Set-Content -LiteralPath "$work/measure.ps1" -Value "$measure"
    Set-Content -LiteralPath "$work/Floor.psd1" -Value @'
@{ RootModule = 'Floor.dll'; ModuleVersion = '1.0'; FormatsToProcess = 'Floor.format.ps1xml'; CmdletsToExport = 'Get-Floor'; FunctionsToExport = @(); AliasesToExport = @() }
'@
    Set-Content -LiteralPath "$work/Floor.format.ps1xml" -Value @'
<Configuration><ViewDefinitions><View><Name>Floor</Name><ViewSelectedBy><TypeName>Floor</TypeName></ViewSelectedBy><ListControl><ListEntries><ListEntry>
<ListItems><ListItem><PropertyName>Name</PropertyName></ListItem></ListItems></ListEntry></ListEntries></ListControl></View></ViewDefinitions></Configuration>
'@
    $null = pwsh -NoProfile -NonInteractive -Command @"
Add-Type -OutputAssembly '$work/Floor.dll' -TypeDefinition 'using System.Management.Automation; [Cmdlet("Get", "Floor")] public class GetFloor : PSCmdlet { }'
"@
    $ours = Convert-Path -LiteralPath $Module
    $builds = [ordered]@{ '' = $ours }
    if ($Baseline) { $builds[' (baseline)'] = Convert-Path -LiteralPath $Baseline }
    $commands = 'Get-XenPciDevice -ErrorAction SilentlyContinue', 'Connect-XenDom0 -Simulated'
    $cases = [ordered]@{ 'Get-Floor' = @{ Module = "$work/Floor.psd1"; Command = 'Get-Floor' } }
    foreach ($command in $commands) {
        foreach ($build in $builds.Keys) { $cases["$command$build"] = @{ Module = $builds[$build]; Command = $command } }
    }
    $sessions = [ordered]@{ 'at a prompt' = 'PSReadLine'; 'in a script' = '' }
    if (-not (Get-Module -ListAvailable -Name PSReadLine)) {
        Write-Warning 'PSReadLine is not here, so that a session at a prompt is not measured.'
        $sessions.Remove('at a prompt')
    }

    $results = @{}
    # In turn, and each other round in the opposite order, so that what disturbs one disturbs all.
    foreach ($round in 1..$Rounds) {
        foreach ($session in $sessions.Keys) {
            $turn = @($cases.Keys)
            if ($round % 2 -eq 0) { [array]::Reverse($turn) }
            foreach ($case in $turn) {
                $output = pwsh -NoProfile -NonInteractive -File "$work/measure.ps1" $cases[$case].Module $cases[$case].Command $sessions[$session]
                if ($LASTEXITCODE -ne 0) { throw "${case}: $output" }
                $results["$session, $case"] = @($results["$session, $case"]) + , [double[]] ("$output" -split ' ')
            }
        }
    }

    foreach ($name in $sessions.Keys.ForEach{ $session = $_; $cases.Keys.ForEach{ "$session, $_" } }) {
        $rows = $results[$name].Where{ $_ }
        $column = { param([int] $Index) Get-Median ($rows | ForEach-Object { $_[$Index] }) }
        'Import-Module {1,4:n0} ms (limit {2}; processor {3:n0} ms), then {4,4:n0} ms (limit {5}; processor {6:n0} ms): {0}' -f
            $name, (& $column 0), $importLimit, (& $column 1), (& $column 2), $firstLimit, (& $column 3)
    }

    if ($Baseline) {
        # Each round's two were measured one soon after the other: the median of their ratios is what this build makes of the baseline's time.
        foreach ($session in $sessions.Keys) {
            foreach ($command in $commands) {
                $new = $results["$session, $command"].Where{ $_ }
                $old = $results["$session, $command (baseline)"].Where{ $_ }
                $ratio = { param([scriptblock] $Of) Get-Median (0..($Rounds - 1) | ForEach-Object { (& $Of $new[$_]) / (& $Of $old[$_]) }) }
                'Against the baseline: import {0:n3}, the cmdlet {1:n3}, both {2:n3} times as long, by the processor''s time {3:n3}: {4}, {5}' -f
                    (& $ratio { $args[0][0] }), (& $ratio { $args[0][2] }), (& $ratio { $args[0][0] + $args[0][2] }),
                    (& $ratio { $args[0][1] + $args[0][3] }), $session, $command
            }
        }
    }
}
finally { Remove-Item -LiteralPath $work -Recurse }
