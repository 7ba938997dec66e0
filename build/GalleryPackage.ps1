# The parts that make a zip file of a module a NuGet package (an OPC package with a .nuspec), as PowerShell's galleries take it.

# The bytes of an XML document that a script block writes.
function Get-XmlByte([scriptblock] $Content) {
    $stream = [System.IO.MemoryStream]::new()
    $settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [System.Text.UTF8Encoding]::new($false) }
    $xml = [System.Xml.XmlWriter]::Create($stream, $settings)
    $null = & $Content $xml
    $xml.Dispose()
    , $stream.ToArray()
}

# What a gallery shows and searches. The PS... tags are those that Publish-Module writes: Find-PSResource -CommandName looks for them.
function Get-Nuspec([string] $Name, [hashtable] $Manifest, [string] $ReleaseNote) {
    $data = $Manifest.PrivateData.PSData
    $tags = @('PSModule') + $data.Tags + 'PSIncludes_Cmdlet' + $Manifest.CmdletsToExport.ForEach{ "PSCmdlet_$_"; "PSCommand_$_" }
    $metadata = [ordered]@{
        id                       = $Name
        version                  = $Manifest.ModuleVersion
        authors                  = $Manifest.Author
        owners                   = $Manifest.CompanyName
        requireLicenseAcceptance = 'false'
        licenseUrl               = $data.LicenseUri
        projectUrl               = $data['ProjectUri']
        description              = $Manifest.Description
        releaseNotes             = $ReleaseNote
        copyright                = $Manifest.Copyright
        tags                     = $tags -join ' '
    }
    Get-XmlByte {
        param($xml)
        $xml.WriteStartElement('package', 'http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd')
        $xml.WriteStartElement('metadata')
        foreach ($key in $metadata.Keys.Where{ $metadata[$_] }) { $xml.WriteElementString($key, $metadata[$key]) }
    }
}

function Get-ContentType([string[]] $File) {
    $types = [ordered]@{
        rels   = 'application/vnd.openxmlformats-package.relationships+xml'
        psmdcp = 'application/vnd.openxmlformats-package.core-properties+xml'
    }
    $other = 'application/octet'
    foreach ($extension in $File.ForEach{ [System.IO.Path]::GetExtension($_).TrimStart('.') } | Sort-Object -Unique -Culture '') {
        if ($extension) { $types[$extension] = $other }
    }

    Get-XmlByte {
        param($xml)
        $xml.WriteStartElement('Types', 'http://schemas.openxmlformats.org/package/2006/content-types')
        foreach ($extension in $types.Keys) {
            $xml.WriteStartElement('Default')
            $xml.WriteAttributeString('Extension', $extension)
            $xml.WriteAttributeString('ContentType', $types[$extension])
            $xml.WriteEndElement()
        }

        # A file without an extension is named itself.
        foreach ($name in $File.Where{ -not [System.IO.Path]::HasExtension($_) } | Sort-Object -Culture '') {
            $xml.WriteStartElement('Override')
            $xml.WriteAttributeString('PartName', "/$name")
            $xml.WriteAttributeString('ContentType', $other)
            $xml.WriteEndElement()
        }
    }
}

function Get-Relationship([System.Collections.IDictionary] $Target) {
    Get-XmlByte {
        param($xml)
        $xml.WriteStartElement('Relationships', 'http://schemas.openxmlformats.org/package/2006/relationships')
        foreach ($type in $Target.Keys) {
            $xml.WriteStartElement('Relationship')
            $xml.WriteAttributeString('Type', $type)
            $xml.WriteAttributeString('Target', "/$($Target[$type])")
            $xml.WriteAttributeString('Id', [System.IO.Path]::GetExtension($Target[$type]).TrimStart('.'))
            $xml.WriteEndElement()
        }
    }
}

function Get-CoreProperty([string] $Name, [hashtable] $Manifest) {
    Get-XmlByte {
        param($xml)
        $terms = 'http://purl.org/dc/elements/1.1/'
        $xml.WriteStartElement('coreProperties', 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties')
        $xml.WriteElementString('dc', 'creator', $terms, $Manifest.Author)
        $xml.WriteElementString('dc', 'description', $terms, $Manifest.Description)
        $xml.WriteElementString('dc', 'identifier', $terms, $Name)
        $xml.WriteElementString('version', $Manifest.ModuleVersion)
    }
}

# The content of each part, by its name, for New-ReproducibleZip.
function Get-GalleryPart {
    param([string] $Name, [hashtable] $Manifest, [string] $ReleaseNote, [string[]] $File)
    $nuspec = "$Name.nuspec"
    $properties = "package/services/metadata/core-properties/$Name.psmdcp"
    @{
        $nuspec               = Get-Nuspec $Name $Manifest $ReleaseNote
        $properties           = Get-CoreProperty $Name $Manifest
        '_rels/.rels'         = Get-Relationship ([ordered]@{
                'http://schemas.microsoft.com/packaging/2010/07/manifest'                                  = $nuspec
                'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties' = $properties
            })
        '[Content_Types].xml' = Get-ContentType ($File + $nuspec)
    }
}
