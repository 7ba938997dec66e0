# Writes what pages of docs/cmdlets say as MAML, which Get-Help reads.

# An element of the writer's, with what a script block writes into it, or a text, or nothing.
function Write-Element([string] $Name, $Content, [System.Collections.IDictionary] $Attributes = @{}) {
    $prefix, $local = $Name.Split(':')
    $xml.WriteStartElement($prefix, $local, $namespaces[$prefix])
    foreach ($key in $Attributes.Keys) { $xml.WriteAttributeString($key, $Attributes[$key]) }
    if ($Content -is [scriptblock]) { & $Content } elseif ($null -ne $Content) { $xml.WriteString($Content) }
    $xml.WriteEndElement()
}

function Write-Paragraph([string] $Name, [string[]] $Text) {
    Write-Element $Name { foreach ($paragraph in $Text) { Write-Element 'maml:para' $paragraph } }
}

function Write-Type([string] $Type) { Write-Element 'dev:type' { Write-Element 'maml:name' $Type } }

function Write-SyntaxItem($Page, $Item) {
    Write-Element 'command:syntaxItem' {
        Write-Element 'maml:name' $Page.Name
        foreach ($parameter in $Item) {
            $described = $Page.Parameters.Where{ $_.Name -eq $parameter.Name }[0]
            if (-not $described) { throw "$($Page.Name) does not describe -$($parameter.Name)." }
            $attributes = [ordered]@{
                required       = "$($parameter.Required)".ToLowerInvariant()
                variableLength = 'false'
                globbing       = 'false'
                pipelineInput  = 'false'
                position       = $parameter.Position
                aliases        = if ($described.Aliases -and $parameter.Type) { $described.Aliases -join ', ' } else { 'none' }
            }
            Write-Element 'command:parameter' -Attributes $attributes {
                Write-Element 'maml:name' $parameter.Name
                Write-Element 'maml:description'
                if ($parameter.Type) {
                    Write-Element 'command:parameterValue' $parameter.Type ([ordered]@{ required = 'true'; variableLength = 'false' })
                }
                Write-Type $described.Type
            }
        }
    }
}

function Write-Parameter($Parameter) {
    $ways = @(if ($Parameter.ByValue) { 'ByValue' }; if ($Parameter.ByName) { 'ByPropertyName' })
    $attributes = [ordered]@{
        required       = $Parameter.Required
        variableLength = 'false'
        globbing       = $Parameter.Globbing
        pipelineInput  = if ($ways) { "true ($($ways -join ', '))" } else { 'false' }
        position       = $Parameter.Position
        aliases        = if ($Parameter.Aliases) { $Parameter.Aliases -join ', ' } else { 'none' }
    }
    Write-Element 'command:parameter' -Attributes $attributes {
        Write-Element 'maml:name' $Parameter.Name
        Write-Paragraph 'maml:description' $Parameter.Description
        if ($Parameter.Type -ne 'System.Management.Automation.SwitchParameter') {
            Write-Element 'command:parameterValue' $Parameter.Type ([ordered]@{ required = 'true'; variableLength = 'true' })
        }
        Write-Type $Parameter.Type
        if ($Parameter.Default) { Write-Element 'dev:defaultValue' $Parameter.Default }
    }
}

function Write-TypeList([string] $Kind, $Types) {
    Write-Element "command:${Kind}s" {
        foreach ($type in $Types) {
            Write-Element "command:$Kind" {
                Write-Type $type.Type
                Write-Paragraph 'maml:description' $type.Description
            }
        }
    }
}

function Write-Command($Page) {
    Write-Element 'command:command' {
        Write-Element 'command:details' {
            Write-Element 'command:name' $Page.Name
            Write-Paragraph 'maml:description' $Page.Synopsis
            Write-Element 'command:verb' $Page.Name.Split('-')[0]
            Write-Element 'command:noun' $Page.Name.Split('-')[1]
        }
        Write-Paragraph 'maml:description' $Page.Description
        Write-Element 'command:syntax' { foreach ($item in $Page.Syntax) { Write-SyntaxItem $Page $item } }
        Write-Element 'command:parameters' { foreach ($parameter in $Page.Parameters) { Write-Parameter $parameter } }
        Write-TypeList 'inputType' $Page.Inputs
        Write-TypeList 'returnValue' $Page.Outputs
        Write-Element 'maml:alertSet' { Write-Paragraph 'maml:alert' $Page.Notes }
        Write-Element 'command:examples' {
            foreach ($example in $Page.Examples) {
                Write-Element 'command:example' {
                    Write-Element 'maml:title' $example.Title
                    Write-Element 'maml:introduction' ''
                    Write-Element 'dev:code' $example.Code
                    # A blank line between examples.
                    Write-Element 'dev:remarks' {
                        foreach ($paragraph in $example.Remarks) { Write-Element 'maml:para' $paragraph }
                        Write-Element 'maml:para'
                    }
                }
            }
        }
        Write-Element 'command:relatedLinks' {
            foreach ($link in $Page.Links) {
                Write-Element 'maml:navigationLink' {
                    Write-Element 'maml:linkText' $link
                    Write-Element 'maml:uri' ''
                }
            }
        }
    }
}

# Writes all pages into one file.
function Export-Maml($Pages, [string] $Path) {
    $namespaces = @{
        maml    = 'http://schemas.microsoft.com/maml/2004/10'
        command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
        dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
    }
    $settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [System.Text.UTF8Encoding]::new($false) }
    $xml = [System.Xml.XmlWriter]::Create($Path, $settings)
    try {
        $xml.WriteStartElement('helpItems', 'http://msh')
        foreach ($prefix in 'maml', 'command', 'dev') { $xml.WriteAttributeString('xmlns', $prefix, $null, $namespaces[$prefix]) }
        $xml.WriteAttributeString('schema', 'maml')
        foreach ($page in $Pages) { Write-Command $page }
        $xml.WriteEndElement()
    }
    finally { $xml.Dispose() }
}
