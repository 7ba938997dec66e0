namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>The cmdlets of XenDomainConfig as a script sees them.</summary>
public class DomainConfigTests
{
    private const string Files =
        """
        $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "xdd-config-$PID")
        $null = New-Item -ItemType Directory -Path $folder
        Set-Location -LiteralPath $folder
        [System.IO.File]::WriteAllText("$folder/xl.cfg", "# mine`nname = 'xl'   # the name`nmemory=64;kernel='/k'`n")
        [System.IO.File]::WriteAllText("$folder/xm.conf", "name = 'xm'`nkernel = '/k'`nvif = ['backend=%d' % int(beid)]`n")
        [System.IO.File]::WriteAllText("$folder/[1].cfg", "name = 'brackets'`nmemory = 64`nkernel = '/k'`nfda = '/x'`nnics = 0`n")

        """;

    [PwshFact]
    public void Files_come_in_and_go_out_by_path_pipeline_and_property()
    {
        Assert.Equal(
            [
                "Xl|xl|", "Xm|xm|backend=4", "brackets", "xl xm", "same", "xm|OutputFileExists", "mode 600", "no leftovers",
                "ConfigConversionRefused|NotImplemented", "without", "Xl|xm", "InputFileNotFound|ObjectNotFound|./none.cfg", "then True",
            ],
            PwshProcess.Run(
                Files +
                """
                function Show { process { "$($_.Format)|$($_.Name)|$($_.Vif.Text)" } }
                try {
                    Import-XenDomainConfig ./xl.cfg | Show
                    Get-Item ./xm.conf | Import-XenDomainConfig -Variable @{ beid = 4 } | Show
                    (Import-XenDomainConfig -LiteralPath './[1].cfg').Name
                    "$((Import-XenDomainConfig ./x*.c* -Variable @{ beid = 4 } -ErrorAction SilentlyContinue).Name)"
                    Import-XenDomainConfig ./xl.cfg | Export-XenDomainConfig ./out.cfg
                    if ((Get-FileHash ./xl.cfg).Hash -eq (Get-FileHash ./out.cfg).Hash) { 'same' }
                    chmod 600 ./out.cfg
                    $xm = Import-XenDomainConfig ./xm.conf -Variable @{ beid = 4 }
                    $xm | Export-XenDomainConfig ./out.cfg
                    try { $xm | Export-XenDomainConfig ./out.cfg -NoClobber } catch { "$((Import-XenDomainConfig ./out.cfg).Name)|$($_.FullyQualifiedErrorId.Split(',')[0])" }
                    "mode $(stat -c %a ./out.cfg)"
                    if (@(Get-ChildItem -Force).Count -eq 4) { 'no leftovers' }
                    $old = Import-XenDomainConfig -LiteralPath './[1].cfg'
                    try { $old | ConvertTo-XenDomainConfig -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId.Split(',')[0])|$($_.CategoryInfo.Category)" }
                    if (($old | ConvertTo-XenDomainConfig -Force -WarningAction SilentlyContinue) -notmatch 'fda') { 'without' }
                    $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($xm, 4))
                    $copy | ConvertTo-XenDomainConfig | ConvertFrom-XenDomainConfig -Format Xl | ForEach-Object { "$($_.Format)|$($_.Name)" }
                    try { './none.cfg' | Test-XenDomainConfig -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId.Split(',')[0])|$($_.CategoryInfo.Category)|$($_.TargetObject)" }
                    "then $('./none.cfg', './xl.cfg' | Test-XenDomainConfig -Quiet -ErrorAction SilentlyContinue)"
                }
                finally { Set-Location -LiteralPath /; Remove-Item -LiteralPath $folder -Recurse }
                """).Lines);
    }

    [PwshFact]
    public void A_guest_starts_from_a_file_of_the_host_or_from_an_object()
    {
        Assert.Equal(
            ["guest 1", "backend 1", "again 64", "ConfigVariableInvalid|1x"],
            PwshProcess.Run(
                """
                $dom0 = Connect-XenDom0 -Simulated -Machine Lab
                Add-XenPciAssignable 00:10.0
                $null = New-XenDriverDomain netdd -PciDevice 00:10.0 -Memory 64MB -Kernel /root/vmlinuz -Ramdisk /root/guest.gz -CommandLine 'role=dd' -Bridge xenbr0 -Start
                $text = "kernel = '/root/vmlinuz'`nramdisk = '/root/guest.gz'`nmemory = 64`nname = 'guest'`nextra = 'role=client'`nvif = ['backend=%d,bridge=xenbr0' % int(beid)]`n"
                $dom0.Simulation.WriteFile('/root/guest.conf', $text)
                Start-XenGuest /root/guest.conf -Variable @{ beid = 1 } -WarningAction SilentlyContinue
                "guest $((Get-XenGuestVif -Guest guest).BackendDomid)"
                "backend $($dom0.Simulation.Run("xenstore-read /local/domain/$((Get-XenGuest guest).Domid)/device/vif/0/backend-id").StandardOutput.Trim())"
                Stop-XenGuest guest -Confirm:$false
                "again $(($text | ConvertFrom-XenDomainConfig -Variable @{ beid = 1 } | Start-XenGuest -PassThru -WarningAction SilentlyContinue).MemoryMB)"
                try { Start-XenGuest /root/guest.conf -Variable @{ '1x' = 1 } -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId.Split(',')[0])|$($_.Exception.Target)" }
                """).Lines);
    }
}
