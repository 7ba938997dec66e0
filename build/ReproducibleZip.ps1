# Writes a zip file of which every byte follows from its entries: sorted, one time for all, the same permissions everywhere. The
# entries are stored, not compressed: what a compressor writes depends on its version and on the processor.
function New-ReproducibleZip {
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        # The content of each entry, by its name.
        [Parameter(Mandatory)]
        [hashtable] $Entry,

        [Parameter(Mandatory)]
        [DateTimeOffset] $Time
    )
    $names = [string[]] $Entry.Keys
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $file = [System.IO.File]::Create($Path)
    try {
        $zip = [System.IO.Compression.ZipArchive]::new($file, [System.IO.Compression.ZipArchiveMode]::Create)
        foreach ($name in $names) {
            $item = $zip.CreateEntry($name, [System.IO.Compression.CompressionLevel]::NoCompression)
            $item.LastWriteTime = $Time.ToUniversalTime()
            # A regular file, rw-r--r--.
            $item.ExternalAttributes = 0x81A4 -shl 16
            $stream = $item.Open()
            try { $stream.Write($Entry[$name], 0, $Entry[$name].Length) } finally { $stream.Dispose() }
        }

        $zip.Dispose()
    }
    finally { $file.Dispose() }
}
