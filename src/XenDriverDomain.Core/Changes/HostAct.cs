using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Access.Ssh;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Changes;

/// <summary>
/// Something that is done to a host, as a value: it can be shown before it is done, be carried out through the ports, and be written down
/// as POSIX shell for somebody who has no more than that. All that a step changes it changes by acts; what it looks at may be code.
/// </summary>
internal abstract record HostAct
{
    /// <summary>The same for a POSIX shell on dom0: one or more lines, without an end of line.</summary>
    public abstract string ToShell();

    /// <summary>The same for -Debug while it is done: what is in a file is not repeated there, which may be long, or a secret.</summary>
    public virtual string ToWords() => ToShell();
}

/// <summary>An act with an outcome. The outcome is what was heard, and never proves anything; who wants to know looks.</summary>
/// <typeparam name="T">What carrying it out tells.</typeparam>
internal abstract record HostAct<T> : HostAct
{
    /// <summary>Carries it out. Nobody but <see cref="HostHand"/> calls it.</summary>
    public abstract Task<T> RunAsync(HostHand hand, CancellationToken cancellationToken);
}

/// <summary>
/// Stores a text in an attribute of sysfs with exactly one write(2). The outcome is the kernel's refusal, or null: only a hint, since the
/// state that is read afterwards decides. Missing rights are thrown at once.
/// </summary>
/// <param name="Path">The attribute.</param>
/// <param name="Text">What is stored, byte for byte.</param>
internal sealed record WriteAttribute(string Path, string Text) : HostAct<HostFileException?>
{
    /// <inheritdoc/>
    public override string ToShell() => $"{PosixShell.Print(Encoding.Latin1.GetBytes(Text))} > {PosixShell.Quote(Path)}";

    /// <inheritdoc/>
    public override async Task<HostFileException?> RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        try
        {
            await hand.Dom0.Files.WriteOnceAsync(Path, Encoding.Latin1.GetBytes(Text), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (HostFileException e) when (e.Errno is not (Errno.EACCES or Errno.EPERM or Errno.EROFS))
        {
            return e;
        }
    }
}

/// <summary>Runs a program of dom0's to its end; a module is loaded and a boot file made by one.</summary>
/// <param name="Request">The program and its arguments.</param>
internal sealed record RunProgram(CommandRequest Request) : HostAct<CommandResult>
{
    /// <summary>A program by its name and arguments.</summary>
    public RunProgram(string program, params IReadOnlyList<string> arguments)
        : this(new CommandRequest(program, arguments))
    {
    }

    /// <inheritdoc/>
    public override string ToShell() => string.Join(' ', Request.Arguments.Prepend(Request.Program).Select(PosixShell.Quote));

    /// <inheritdoc/>
    public override async Task<CommandResult> RunAsync(HostHand hand, CancellationToken cancellationToken) =>
        await hand.Dom0.Commands.RunAsync(Request, cancellationToken).ConfigureAwait(false);
}

/// <summary>Runs xl to its end.</summary>
/// <param name="Arguments">Subcommand and arguments.</param>
internal sealed record RunXl(params IReadOnlyList<string> Arguments) : HostAct<XlResult>
{
    /// <summary>How long it may take; null for what is above all of libxl's own time-outs.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc/>
    public override string ToShell() => string.Join(' ', Arguments.Select(PosixShell.Quote).Prepend("xl"));

    /// <inheritdoc/>
    public override async Task<XlResult> RunAsync(HostHand hand, CancellationToken cancellationToken) =>
        await hand.Xl.RunAsync(Arguments, Timeout, cancellationToken).ConfigureAwait(false);
}

/// <summary>Replaces an ordinary file as a whole, or makes it and its directory; an existing file's mode and owner are kept.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">What is to be in it.</param>
internal sealed record ReplaceFile(string Path, ReadOnlyMemory<byte> Content) : HostAct<bool>
{
    // So that the end of a here-document is no line of it.
    private const string End = "XENDRIVERDOMAIN";

    /// <inheritdoc/>
    public override string ToShell()
    {
        string made = PosixShell.Quote(Path + ".new");
        string file = PosixShell.Quote(Path);
        string text = Encoding.Latin1.GetString(Content.Span);
        bool isPlain = text.EndsWith('\n') && !text.Contains(End, StringComparison.Ordinal)
            && text.All(c => c is '\n' or '\t' || (c >= ' ' && c < '\x7f'));
        string write = Content.IsEmpty
            ? $": > {made}"
            : isPlain ? $"cat > {made} <<'{End}'\n{text}{End}" : $"{{ {PosixShell.Print(Content.Span)}; }} > {made}";
        return $"mkdir -p {PosixShell.Quote(HostPath.Parent(Path))}\n"
            + $"if [ -e {file} ]; then cp -p {file} {made}; fi\n{write}\nmv -f {made} {file}";
    }

    /// <inheritdoc/>
    public override string ToWords() => $"cat > {PosixShell.Quote(Path)} ({Content.Length} bytes)";

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        await hand.Dom0.Files.CreateDirectoryAsync(HostPath.Parent(Path), cancellationToken).ConfigureAwait(false);
        await hand.Dom0.Files.ReplaceAsync(Path, Content, cancellationToken).ConfigureAwait(false);
        return true;
    }
}

/// <summary>Makes a file of pieces, of which other files of dom0's are some, and its directory; what is in those does not travel.</summary>
/// <param name="Path">The file.</param>
/// <param name="Pieces">What is to be in it.</param>
/// <param name="IsPacked">Whether it is packed by gzip.</param>
internal sealed record ComposeFile(string Path, IReadOnlyList<FilePiece> Pieces, bool IsPacked) : HostAct<bool>
{
    /// <inheritdoc/>
    public override string ToShell()
    {
        string made = PosixShell.Quote(Path + ".new");
        string pieces = string.Join('\n', Pieces.Select(
            piece => piece.Source is null ? PosixShell.Print(piece.Bytes.Span) : $"cat {PosixShell.Quote(piece.Source)}"));
        return $"mkdir -p {PosixShell.Quote(HostPath.Parent(Path))}\n"
            + $"{{\n{pieces}\n}}{(IsPacked ? " | gzip -c" : "")} > {made}\nmv -f {made} {PosixShell.Quote(Path)}";
    }

    /// <inheritdoc/>
    public override string ToWords() => $"{(IsPacked ? "cat … | gzip -c" : "cat …")} > {PosixShell.Quote(Path)} ({Pieces.Count} pieces)";

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        await hand.Dom0.Files.CreateDirectoryAsync(HostPath.Parent(Path), cancellationToken).ConfigureAwait(false);
        await hand.Dom0.Files.ComposeAsync(Path, Pieces, IsPacked, cancellationToken).ConfigureAwait(false);
        return true;
    }
}

/// <summary>Writes the SHA-256 of files of one directory to another file there, as sha256sum(1) writes and checks it.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Names">The files.</param>
/// <param name="Path">Where it goes.</param>
internal sealed record SumFiles(string Directory, IReadOnlyList<string> Names, string Path) : HostAct<IReadOnlyDictionary<string, string>>
{
    /// <inheritdoc/>
    public override string ToShell() =>
        $"(cd {PosixShell.Quote(Directory)} && sha256sum {string.Join(' ', Names.Select(PosixShell.Quote))}) > {PosixShell.Quote(Path)}";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        CommandResult result = await hand.Dom0.Commands.RunAsync(
            new CommandRequest("sha256sum", ["--", .. Names.Select(name => $"{Directory}/{name}")]), cancellationToken)
            .ConfigureAwait(false);
        string[] sums = [.. result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
        if (sums.Length != Names.Count)
        {
            throw new HostFileException("read", Directory, Errno.Unknown, result.StandardError.Trim());
        }

        string text = string.Concat(Names.Select((name, i) => $"{sums[i]}  {name}\n"));
        await hand.Dom0.Files.ReplaceAsync(Path, Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        return Names.Zip(sums).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }
}

/// <summary>Deletes an ordinary file; one that is not there is fine.</summary>
/// <param name="Path">The file.</param>
internal sealed record DeleteFile(string Path) : HostAct<bool>
{
    /// <inheritdoc/>
    public override string ToShell() => $"rm -f {PosixShell.Quote(Path)}";

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        await hand.Dom0.Files.DeleteAsync(Path, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
