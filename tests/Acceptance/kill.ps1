# The rounds of tests/Acceptance/kill.
param([int] $Seed, [int] $Count, [string] $Folder)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
Import-Module "$PSScriptRoot/../../XenDriverDomain.psd1"
Import-Module "$PSScriptRoot/Acceptance.psm1"

$random = [System.Random]::new($Seed)
$mac = '00:16:3e:0b:0b:0b'
$devid = 1
$netdd = @{
    PciDevice = '00:10.0'; Memory = 384MB; Kernel = '/root/vmlinuz'; Ramdisk = '/root/guest.gz'
    CommandLine = 'console=hvc0 quiet rodata=off role=dd'; Bridge = 'xenbr0'
}

# How long each takes on a machine that does nothing else; a kill can come a little after its end as well.
$commands = [ordered]@{
    Restart = @{ Text = 'Restart-XenDriverDomain netdd -Force'; Seconds = 30 }
    Start   = @{ Text = 'Start-XenDriverDomain netdd'; Seconds = 25 }
    New     = @{ Text = 'New-XenDriverDomain netdd @netdd -Start'; Seconds = 25 }
}

# What the pwsh that is killed runs: all that takes long is done before it says that it is ready.
$child = @"
`$ErrorActionPreference = 'Stop'
`$ProgressPreference = 'SilentlyContinue'
Import-Module '$PSScriptRoot/../../XenDriverDomain.psd1'
Import-Module '$PSScriptRoot/Acceptance.psm1'
Connect-TestDom0
`$null = Get-XenDriverDomain
`$netdd = @{ $(($netdd.GetEnumerator() | ForEach-Object { "$($_.Key) = '$($_.Value)'" }) -join '; ') }
[Console]::Out.WriteLine('ready')
`$line = [Console]::In.ReadLine()
& { try { Invoke-Expression "`$line -Confirm:```$false -Verbose" } catch { "ERROR `$_" } } *>&1 |
    ForEach-Object { [System.IO.File]::AppendAllText(`$env:KILL_LOG, "`$_``n") }
[System.IO.File]::AppendAllText(`$env:KILL_LOG, "END``n")
"@
[System.IO.File]::WriteAllText("$Folder/child.ps1", $child)

function Start-Child {
    param([string] $Log)
    $start = New-PwshStart '-File', "$Folder/child.ps1"
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $start.Environment['KILL_LOG'] = $Log
    [System.Diagnostics.Process]::Start($start)
}

function Wait-Child {
    param($Process)
    $line = $Process.StandardOutput.ReadLineAsync()
    if (-not $line.Wait([TimeSpan]::FromMinutes(2)) -or $line.Result -ne 'ready') { throw 'the child does not get ready' }
}

# From nothing to a client with traffic.
function Initialize-Round {
    Reset-Dom0
    Add-XenPciAssignable 00:10.0
    Start-XenGuest /root/client.cfg
    $null = New-XenDriverDomain netdd @netdd -Start
    Connect-XenGuestVif fe1 netdd -Mac $mac -Devid $devid -Rate 10MB/s@50ms
    if (-not (Wait-Traffic)) { throw 'no traffic' }
}

# Words for what is not as it must be; nothing when all is.
function Get-Loss {
    $vif = @(Get-XenGuestVif fe1)
    if ($vif.Count -ne 1) { return "fe1 has $($vif.Count) vifs" }
    $server = Get-XenDriverDomain netdd
    if ("$($vif.Status)" -ne 'Connected') { "the vif is $($vif.Status): $($vif.Detail)" }
    if ("$($vif.Mac)" -ne $mac) { "its MAC is $($vif.Mac)" }
    if ($vif.Devid -ne $devid) { "its number is $($vif.Devid)" }
    if ($vif.Rate -ne '10000000B/s@50000us') { "its rate is $($vif.Rate)" }
    if ($vif.BackendDomid -ne $server.Domid) { "its back end is domid $($vif.BackendDomid), netdd is $($server.Domid)" }
    if ($server.PendingClient) { "pending: $($server.PendingClient)" }
    if (Find-Dom0 xenstore-list /local/domain/0/xendriverdomain/clients) { 'a record is left' }
    if (-not (Wait-Traffic)) { 'no traffic' }
}

Connect-TestDom0
$passed = $failed = $skipped = 0
$ready = $false
'{0,5}  {1,-8} {2,7}  {3,-62} {4,-8} {5}' -f 'round', 'command', 'killed', 'at', 'then', 'result'
for ($round = 1; $round -le $Count; $round++) {
    # All that is random is drawn first, so that what happens in between does not change what comes later.
    $name = @($commands.Keys)[$random.Next($commands.Count)]
    $delay = $random.NextDouble() * $commands[$name].Seconds
    $again = $random.Next(2) -eq 0
    $destroyed = $random.Next(2) -eq 0
    $log = "$Folder/$round.log"
    $process = $null
    $then = ''
    try {
        try {
            if (-not $ready) { Initialize-Round }
            $process = Start-Child $log
            switch ($name) {
                'Start' {
                    if ($destroyed) { Invoke-Dom0 xl destroy netdd }
                    else { Stop-XenDriverDomain netdd -Force -Timeout 30 -Confirm:$false }
                }
                'New' { Remove-XenDriverDomain netdd -Force -Timeout 30 -Confirm:$false }
            }
            Wait-Child $process
        }
        catch {
            $skipped++
            $ready = $false
            '{0,5}  {1,-8} {2,7}  {3}' -f $round, $name, '', "skipped: $_"
            continue
        }

        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $process.StandardInput.WriteLine($commands[$name].Text)
        $process.StandardInput.Flush()
        while ($clock.Elapsed.TotalSeconds -lt $delay -and -not $process.HasExited) { [System.Threading.Thread]::Sleep(10) }
        $killed = $clock.Elapsed.TotalSeconds
        $process.Kill()
        $process.WaitForExit()
        $lines = @(if ([System.IO.File]::Exists($log)) { [System.IO.File]::ReadAllLines($log) })
        $step = "$($lines | Where-Object { $_ -notmatch '^(xl |Performing)' -and $_.Trim() } | Select-Object -Last 1)"
        $step = if ($step.Length -gt 62) { $step.Substring(0, 61) + '…' } else { $step }

        # A new domain whose file was not written yet can only be made again.
        $text = $commands[$name].Text
        if (-not $again -and (Find-Dom0 ls /etc/xen/driver-domains/netdd.cfg)) { $text = $commands.Start.Text }
        $then = $text.Split('-')[0]
        $result = ''
        foreach ($try in 1, 2) {
            try {
                $null = Invoke-Expression "$text -Confirm:`$false"
                break
            }
            catch { $result += " ($try. try: $($_.Exception.Message))" }
        }

        $loss = @(Get-Loss)
        if ($loss) { $failed++ } else { $passed++ }
        $ready = -not $loss
        '{0,5}  {1,-8} {2,6:N1}s  {3,-62} {4,-8} {5}{6}' -f $round, $name, $killed, $step, $then, $(if ($loss) { "LOST: $($loss -join '; ')" } else { 'back' }), $result
    }
    finally {
        if ($process) {
            if (-not $process.HasExited) { $process.Kill() }
            $process.Dispose()
        }
    }
}

"dom0: $(Invoke-Dom0 uname -r), up $((Invoke-Dom0 cut -d. -f1 /proc/uptime))s, taint $(Invoke-Dom0 cat /proc/sys/kernel/tainted)"
Reset-Dom0
Disconnect-TestDom0
"$passed passed, $failed failed, $skipped skipped"
exit [Math]::Min($failed, 1)
