namespace XenDriverDomain.ModuleTests.Pwsh;

/// <summary>Test-XenKernelConfig as a script sees it, on a simulated host.</summary>
public class KernelConfigTests
{
    [PwshFact]
    public void Findings_answers_errors_and_completion_are_PowerShells()
    {
        Assert.Equal(
            [
                "XEN_BACKEND XEN_NETDEV_BACKEND", "False", "True True", "False True", "KernelPathInvalid|InvalidArgument|boot",
                "/root/guest.config", "/boot/config-6.1.0-56-amd64",
            ],
            PwshProcess.Run(
                """
                Connect-XenDom0 -Simulated -Machine Lab | Out-Null
                $findings = Test-XenKernelConfig /root/guest.config NetworkBackend
                "$($findings | Where-Object Severity -EQ Error | ForEach-Object { $_.Option.Substring(7) })"
                Test-XenKernelConfig -Path /root/guest.config -Role NetworkBackend -Quiet
                "$(Test-XenKernelConfig -Quiet) $(@(Test-XenKernelConfig -Role Dom0).Option -contains 'CONFIG_XEN_PCIDEV_BACKEND')"
                "$('/root/guest.config', '/boot/config-6.1.0-56-amd64' | Test-XenKernelConfig -Role Dom0 -Quiet)"
                try { 'boot', '/root/guest.config' | Test-XenKernelConfig -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId.Split(',')[0])|$($_.CategoryInfo.Category)|$($_.TargetObject)" }
                ($findings[0] | Test-XenKernelConfig -Role NetworkBackend)[0].Path
                (TabExpansion2 -inputScript 'Test-XenKernelConfig -Path /boot/conf').CompletionMatches[0].CompletionText
                """).Lines);
    }
}
