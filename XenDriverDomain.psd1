@{
    RootModule             = 'bin/XenDriverDomain.dll'
    ModuleVersion          = '0.4.0'
    GUID                   = '6b0b6a5e-6f0e-4c86-9b9c-2f6f0f1c8d11'
    Author                 = 'The XenDriverDomain authors'
    CompanyName            = 'The XenDriverDomain authors'
    Copyright              = '(c) 2026 The XenDriverDomain authors. MIT License.'
    Description            = 'Turns a PCI card on a Xen host into a driver domain: finds the card, takes it from dom0, creates the domain that owns it, and connects guests to it, with checks before every change, rollback after every failure, and proof that it works.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = 'Core'
    FormatsToProcess       = 'bin/XenDriverDomain.format.ps1xml'
    CmdletsToExport        =
        'Add-XenPciAssignable',
        'Add-XenPciQuirk',
        'Connect-XenDom0',
        'Connect-XenGuestVif',
        'ConvertFrom-XenDomainConfig',
        'ConvertTo-XenDomainConfig',
        'Disconnect-XenDom0',
        'Disconnect-XenGuestVif',
        'Export-XenDomainConfig',
        'Export-XenDriverDomainTopology',
        'Get-XenDom0',
        'Get-XenDriverDomain',
        'Get-XenDriverDomainImage',
        'Get-XenDriverDomainTopology',
        'Get-XenGuest',
        'Get-XenGuestVif',
        'Get-XenPciAssignable',
        'Get-XenPciDevice',
        'Get-XenPciPolicy',
        'Get-XenPciQuirk',
        'Import-XenDomainConfig',
        'Import-XenPciPolicy',
        'Initialize-XenDriverDomainImage',
        'New-XenDriverDomain',
        'New-XenDriverDomainImage',
        'Remove-XenDriverDomain',
        'Remove-XenDriverDomainImage',
        'Remove-XenPciAssignable',
        'Restart-XenDriverDomain',
        'Save-XenDom0',
        'Set-XenPciPolicy',
        'Start-XenDriverDomain',
        'Start-XenGuest',
        'Stop-XenDriverDomain',
        'Stop-XenGuest',
        'Test-XenDomainConfig',
        'Test-XenDriverDomainImage',
        'Test-XenKernelConfig'
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags         = 'PSEdition_Core', 'Linux', 'Xen', 'PCI', 'passthrough', 'driver-domain', 'virtualization'
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
