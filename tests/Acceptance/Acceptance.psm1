# What the acceptance suite needs of its surroundings: a dom0 to connect to, and a way to look at it that is not our own.
#
#   XDD_TRANSPORT   Ssh (default), Local, when the suite runs on dom0 itself, or Simulated
#   XDD_HOST, XDD_PORT, XDD_KEY   Ssh: where dom0 answers, and the key for root
#   XDD_CONTROL     Ssh: a path for the socket of the second opinion's connection; without it each look connects anew
#   XDD_IOMMU       intel, amd or none: what the host under test has
#   XDD_BOOT        grub when its own boot loader boots it, and it can boot again
#   XDD_INIT        busybox, sysvinit or systemd: dom0's first process

Set-StrictMode -Version Latest
$script:transport = if ($env:XDD_TRANSPORT) { $env:XDD_TRANSPORT } else { 'Ssh' }
$script:simulation = $null

function Get-TestOption {
    @{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; LogLevel = 'ERROR' }
}

# Connects as a reader of the README would; on dom0 itself nobody has to.
function Connect-TestDom0 {
    switch ($script:transport) {
        'Ssh' { $null = Connect-XenDom0 -HostName $env:XDD_HOST -Port $env:XDD_PORT -UserName root -KeyFilePath $env:XDD_KEY -Options (Get-TestOption) }
        'Simulated' {
            $faults = @{}
            if ($env:XDD_IOMMU -eq 'none') { $faults.Fault = 'no-iommu' }
            $script:simulation = (Connect-XenDom0 -Simulated -Machine Lab @faults).Simulation
        }
        'Local' {
            # A session that was connected to a copy of the host means this one only when it is named.
            if (-not (Get-XenDom0 -ErrorAction Ignore)) { $global:PSDefaultParameterValues['*-Xen*:Dom0'] = 'local' }
        }
    }
}

function Disconnect-TestDom0 {
    $script:simulation = $null

    # Without a host it is the default, which may be lost already.
    Disconnect-XenDom0 -Confirm:$false
}

# Starts a program of this machine, and waits for it.
function Invoke-Program {
    param([string[]] $Command, [string] $StandardInput)
    $program, $arguments = $Command
    $start = [System.Diagnostics.ProcessStartInfo]::new($program, [string[]]$arguments)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $complaint = $process.StandardError.ReadToEndAsync()
        if ($StandardInput) { $process.StandardInput.Write($StandardInput) }
        $process.StandardInput.Close()
        $process.WaitForExit()
        [pscustomobject]@{ ExitCode = $process.ExitCode; StandardOutput = $output.Result; StandardError = $complaint.Result }
    }
    finally { $process.Dispose() }
}

# Runs a program on dom0 without our module, by argument vector: the suite's second opinion.
function Invoke-Dom0Program {
    param([string[]] $Command, [string] $StandardInput)
    switch ($script:transport) {
        'Local' { Invoke-Program $Command $StandardInput }
        'Simulated' { $script:simulation.Run($Command) }
        'Ssh' {
            $options = 'BatchMode=yes', 'ConnectTimeout=30', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'IdentitiesOnly=yes'
            if ($env:XDD_CONTROL) { $options += 'ControlMaster=auto', "ControlPath=$env:XDD_CONTROL", 'ControlPersist=60' }
            $ssh = @('ssh', '-F', '/dev/null') + @($options | ForEach-Object { '-o', $_ }) +
                @('-i', $env:XDD_KEY, '-p', $env:XDD_PORT, "root@$env:XDD_HOST", '--')
            # The far side's shell takes the quotes away again.
            Invoke-Program ($ssh + @($Command | ForEach-Object { "'" + $_.Replace("'", "'\''") + "'" })) $StandardInput
        }
    }
}

# The program and its arguments of a call, as text; a list among them is its members.
function Get-ArgumentVector {
    param([object[]] $Arguments)
    foreach ($argument in $Arguments) { foreach ($one in $argument) { "$one" } }
}

# What a program on dom0 answers: ExitCode, StandardOutput, StandardError. Usage: Get-Dom0Answer PROGRAM ARG…
function Get-Dom0Answer { Invoke-Dom0Program @(Get-ArgumentVector $args) }

# The lines a program on dom0 prints; an error when it fails. Usage: Invoke-Dom0 PROGRAM ARG…
# No param block, here and above: what begins with a dash is the program's.
function Invoke-Dom0 {
    $command = @(Get-ArgumentVector $args)
    $answer = Invoke-Dom0Program $command
    if ($answer.ExitCode -ne 0) { throw "'$command' on dom0 ended with $($answer.ExitCode): $($answer.StandardError)" }
    Split-Line $answer.StandardOutput
}

# The same for what need not be there: nothing when the program fails.
function Find-Dom0 {
    $answer = Invoke-Dom0Program @(Get-ArgumentVector $args)
    if ($answer.ExitCode -eq 0) { Split-Line $answer.StandardOutput }
}

function Split-Line {
    param([string] $Text)
    if ($Text) { $Text.TrimEnd("`n").Split("`n") }
}

# Writes a file on dom0.
function Set-Dom0File {
    param([Parameter(Mandatory)][string] $Path, [Parameter(Mandatory)][string] $Text)
    if ($script:transport -eq 'Simulated') { $script:simulation.WriteFile($Path, $Text) }
    else {
        # tee hands on in one write what it got in one, which sysfs needs.
        $answer = Invoke-Dom0Program @('tee', $Path) $Text
        if ($answer.ExitCode -ne 0) { throw $answer.StandardError }
    }
}

# Writes to an attribute of dom0's sysfs, once.
function Write-Dom0Sysfs {
    param([Parameter(Mandatory)][string] $Path, [Parameter(Mandatory)][AllowEmptyString()][string] $Text)
    Set-Dom0File $Path "$Text`n"
}

# The driver that dom0's sysfs shows for a function, or nothing.
function Get-SysfsDriver {
    param([Parameter(Mandatory)][string] $Address)
    $link = Find-Dom0 readlink "/sys/bus/pci/devices/0000:$Address/driver"
    if ($link) { $link.Split('/')[-1] }
}

# The toolstack's view, to compare with ours.
function Get-XlAssignable {
    @(Invoke-Dom0 xl pci-assignable-list | ForEach-Object Trim | Where-Object { $_ })
}

# The domids of all domains but dom0.
function Get-XlDomid {
    Invoke-Dom0 xl list | Select-Object -Skip 1 | ForEach-Object { if ($_ -match '\s(\d+)(\s+\S+){4}\s*$') { [int]$Matches[1] } } | Where-Object { $_ -ne 0 }
}

# What a refusal must leave as it is: the drivers of all functions, what pciback lists, the toolstack's part of xenstore, our files.
function Get-Footprint {
    (& {
            Invoke-Dom0 ls -R /sys/bus/pci/drivers
            Find-Dom0 cat /sys/bus/pci/drivers/pciback/slots
            Find-Dom0 xenstore-ls -f /libxl
            Find-Dom0 ls /etc/xen/driver-domains
        }) -join "`n"
}

# Waits until the client's count of echo replies has grown, so that what is seen is traffic and not a memory of it.
function Wait-Traffic {
    param([string] $Guest = 'fe1', [int] $TimeoutSec = 60)
    $node = "/local/domain/$(Invoke-Dom0 xl domid $Guest)/data/traffic"
    $until = [DateTime]::UtcNow.AddSeconds($TimeoutSec)
    $first = $null
    while ([DateTime]::UtcNow -lt $until) {
        if ("$(Find-Dom0 xenstore-read $node)" -match '^ok (\d+)$') {
            $now = [int]$Matches[1]
            if ($null -ne $first -and $now -gt $first) { return $true }
            $first ??= $now
        }
        Start-Sleep -Milliseconds 300
    }
    $false
}

# Runs a line that must fail, and returns the error.
function Get-ErrorOf {
    param([Parameter(Mandatory)][scriptblock] $Script)
    try { & $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Select-Object -First 1 -Wait }
    catch { $_ }
}

# Another session on the same host, without cmdlets.
function Get-OtherDom0 {
    switch ($script:transport) {
        'Simulated' { $script:simulation.CreateDom0() }
        'Local' { [XenDriverDomain.Hosts.HostSession]::Local([TimeProvider]::System).Dom0 }
        'Ssh' {
            $options = [XenDriverDomain.Access.Ssh.SshOptions]@{ HostName = $env:XDD_HOST; Port = $env:XDD_PORT; UserName = 'root'; KeyFilePath = $env:XDD_KEY }
            $settings = [System.Collections.Generic.Dictionary[string, string]]::new()
            (Get-TestOption).GetEnumerator() | ForEach-Object { $settings[$_.Key] = $_.Value }
            [XenDriverDomain.Access.Ssh.SshOptions].GetProperty('Options').SetValue($options, $settings)
            [XenDriverDomain.Hosts.HostSession]::ConnectAsync($options, [TimeProvider]::System, [Threading.CancellationToken]::None).GetAwaiter().GetResult().Dom0
        }
    }
}

# The lock of that session's host, which must be free.
function Lock-OtherDom0 {
    param([Parameter(Mandatory)][object] $Dom0, [Parameter(Mandatory)][string] $What)
    $hold = [XenDriverDomain.Changes.ChangeLock]::TakeAsync($Dom0, $What, [timespan]::Zero, [Threading.CancellationToken]::None).GetAwaiter().GetResult()
    if (-not $hold) { throw "the lock of $Dom0 is not to be had" }
    $hold
}

# Waits for what .NET began.
function Wait-Task {
    param([Parameter(Mandatory)][System.Threading.Tasks.ValueTask] $Task)
    $Task.AsTask().GetAwaiter().GetResult()
}

# How to start another pwsh so that the process is pwsh itself, and killing it kills pwsh: where pwsh is a .NET tool, the command of that
# name is a shim, whose child goes on when it is killed.
function New-PwshStart {
    param([Parameter(Mandatory)][string[]] $Argument)
    $pwsh = [Environment]::ProcessPath
    $all = @(if ((Split-Path -Leaf $pwsh) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] }) + @('-NoProfile', '-NonInteractive') + $Argument
    [System.Diagnostics.ProcessStartInfo]::new($pwsh, [string[]]$all)
}

# Starts another pwsh that connects as this one did, and runs a line.
function Start-OtherPwsh {
    param([Parameter(Mandatory)][string] $Line)
    $script = "`$ErrorActionPreference = 'Stop'; Import-Module '$PSScriptRoot/../../XenDriverDomain.psd1', '$PSScriptRoot/Acceptance.psm1'; Connect-TestDom0; $Line"
    $start = New-PwshStart '-Command', $script
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    [pscustomobject]@{
        Process = $process
        Output = $process.StandardOutput.ReadToEndAsync()
        Complaint = $process.StandardError.ReadToEndAsync()
    }
}

function Stop-OtherPwsh {
    param([Parameter(Mandatory)][object] $Other)
    if (-not $Other.Process.HasExited) { $Other.Process.Kill() }
    $Other.Process.Dispose()
}

# Waits until somebody has the lock and has said who he is.
function Wait-LockFile {
    $until = [DateTime]::UtcNow.AddSeconds(60)
    while (-not (Find-Dom0 cat /run/xen-driver-domain/lock)) {
        if ([DateTime]::UtcNow -gt $until) { throw 'nobody took the lock' }
        Start-Sleep -Milliseconds 20
    }
}

# Boots dom0 again, and waits until it is up.
function Restart-TestDom0 {
    $before = Invoke-Dom0 cat /proc/sys/kernel/random/boot_id
    Disconnect-TestDom0
    $null = Invoke-Dom0 reboot

    # The shared connection would outlive the host it leads to.
    if ($env:XDD_CONTROL) { $null = Invoke-Program @('ssh', '-o', "ControlPath=$env:XDD_CONTROL", '-O', 'exit', 'dom0') }
    $until = [DateTime]::UtcNow.AddMinutes(10)
    do {
        if ([DateTime]::UtcNow -gt $until) { throw 'dom0 did not come up again' }
        $now = Get-Dom0Answer cat /proc/sys/kernel/random/boot_id /run/lab.up
    } until ($now.ExitCode -eq 0 -and -not $now.StandardOutput.StartsWith($before))
    Connect-TestDom0
}

# Everything that is ours goes, whatever a test left behind.
function Reset-Dom0 {
    foreach ($domid in @(Get-XlDomid)) { $null = Get-Dom0Answer xl destroy $domid }
    foreach ($file in @(Find-Dom0 ls /etc/xen/driver-domains) -like '*.cfg') { Invoke-Dom0 rm -f "/etc/xen/driver-domains/$file" }
    Invoke-Dom0 modprobe xen-pciback
    foreach ($key in @(Find-Dom0 xenstore-list /libxl/pci)) { $null = Get-Dom0Answer xenstore-rm "/libxl/pci/$key/domid" }
    foreach ($address in Get-XlAssignable) {
        if ((Get-Dom0Answer xl pci-assignable-remove -r $address).ExitCode -ne 0) {
            # Without an IOMMU xl stops before it has done anything.
            Write-Dom0Sysfs /sys/bus/pci/drivers/pciback/unbind $address
            Write-Dom0Sysfs /sys/bus/pci/drivers/pciback/remove_slot $address
            Write-Dom0Sysfs /sys/bus/pci/drivers_probe $address
        }
    }
    $null = Get-Dom0Answer xenstore-rm /libxl/pci
    $null = Get-Dom0Answer xenstore-rm /local/domain/0/xendriverdomain
}

Export-ModuleMember -Function *-*Dom0*, Get-TestOption, Get-SysfsDriver, Get-Xl*, Get-Footprint, Wait-Traffic, Get-ErrorOf, *-OtherPwsh, New-PwshStart, Wait-LockFile, Wait-Task
