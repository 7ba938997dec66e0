# What the acceptance suite needs of its surroundings: a dom0 to connect to, and a way to look at it that is not our own.
#
#   XDD_TRANSPORT   Ssh (default) or Local, when the suite runs on dom0 itself
#   XDD_HOST, XDD_PORT, XDD_KEY   where dom0 answers SSH, and the key for root
#   XDD_IOMMU       intel, amd or none: what the host under test has

Set-StrictMode -Version Latest
$script:transport = if ($env:XDD_TRANSPORT) { $env:XDD_TRANSPORT } else { 'Ssh' }

function Get-TestTransport { $script:transport }

function Get-TestOption {
    @{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; LogLevel = 'ERROR' }
}

# Connects as a reader of the README would; on dom0 itself nobody has to.
function Connect-TestDom0 {
    if ($script:transport -eq 'Local') { return }
    $null = Connect-XenDom0 -HostName $env:XDD_HOST -Port $env:XDD_PORT -UserName root -KeyFilePath $env:XDD_KEY -Options (Get-TestOption)
}

function Disconnect-TestDom0 {
    # Without a host it is the default, which may be lost already.
    Disconnect-XenDom0 -Confirm:$false
}

# Runs a shell line on dom0 without our module: the suite's second opinion.
function Invoke-Dom0 {
    param([Parameter(Mandatory)][string] $Command)
    if ($script:transport -eq 'Local') { & sh -c $Command 2>&1 }
    else {
        & ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o IdentitiesOnly=yes `
            -i $env:XDD_KEY -p $env:XDD_PORT "root@$env:XDD_HOST" $Command 2>&1
    }
}

# The driver that dom0's sysfs shows for a function, or nothing.
function Get-SysfsDriver {
    param([Parameter(Mandatory)][string] $Address)
    $link = Invoke-Dom0 "readlink /sys/bus/pci/devices/0000:$Address/driver"
    if ($link) { ([string]$link).Split('/')[-1] }
}

# How many echo replies the client has counted; -1 while it has none.
function Get-Traffic {
    param([string] $Guest = 'fe1')
    $text = [string](Invoke-Dom0 "xenstore-read /local/domain/`$(xl domid $Guest)/data/traffic")
    if ($text -match '^ok (\d+)$') { [int]$Matches[1] } else { -1 }
}

# Waits until the client's count has grown twice, so that what is seen is traffic and not a memory of it.
function Wait-Traffic {
    param([string] $Guest = 'fe1', [int] $TimeoutSec = 60)
    $until = [DateTime]::UtcNow.AddSeconds($TimeoutSec)
    $first = -1
    while ([DateTime]::UtcNow -lt $until) {
        $now = Get-Traffic -Guest $Guest
        if ($first -lt 0) { $first = $now }
        elseif ($now -gt $first) { return $true }
        Start-Sleep -Milliseconds 300
    }
    $false
}

# Runs a line that must fail, and returns the error.
function Get-ErrorOf {
    param([Parameter(Mandatory)][scriptblock] $Script)
    $failures = @()
    try { $null = & $Script -ErrorVariable +failures 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { $failures += $_ } } }
    catch { return $_ }
    if ($failures.Count) { $failures[0] }
}

# Everything that is ours goes, whatever a test left behind.
function Reset-Dom0 {
    $null = Invoke-Dom0 @'
for d in $(xl list | awk 'NR>1 && $2!=0 {print $2}'); do xl destroy $d; done
rm -f /etc/xen/driver-domains/*.cfg
modprobe xen-pciback
for k in $(xenstore-list /libxl/pci 2>/dev/null); do xenstore-rm /libxl/pci/$k/domid 2>/dev/null; done
for b in $(xl pci-assignable-list | awk '{print $1}'); do xl pci-assignable-remove -r $b || { echo $b >/sys/bus/pci/drivers/pciback/unbind; echo $b >/sys/bus/pci/drivers/pciback/remove_slot; echo $b >/sys/bus/pci/drivers_probe; }; done
xenstore-rm /libxl/pci 2>/dev/null
true
'@
}

# The toolstack's view, to compare with ours.
function Get-XlAssignable {
    @(Invoke-Dom0 'xl pci-assignable-list' | ForEach-Object { ([string]$_).Trim() } | Where-Object { $_ })
}

Export-ModuleMember -Function *
