using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>
/// One of the xenstore-* programs, with the output, the messages and the exit codes of Xen 4.17's (tools/xenstore/xenstore_client.c).
/// </summary>
/// <param name="store">The store.</param>
/// <param name="mode">What follows <c>xenstore-</c> in its name.</param>
/// <param name="options">The letters of the options it knows, apart from h and s.</param>
/// <param name="synopsis">What its usage shows after its name.</param>
internal abstract class XenStoreTool(SimulatedXenStore store, string mode, string options, string synopsis) : ISimulatedProgram
{
    /// <inheritdoc/>
    public string Path { get; } = "/usr/bin/xenstore-" + mode;

    /// <summary>The store.</summary>
    protected SimulatedXenStore Store => store;

    /// <inheritdoc/>
    public ValueTask<CommandResult> RunAsync(ProgramRun run, CancellationToken cancellationToken)
    {
        ToolOutput output = new("xenstore-" + mode);
        int code = 1;
        try
        {
            ToolOptions parsed = ToolOptions.Parse(Path, run.Arguments, options, output)
                ?? throw new ToolFailure($"Usage: {Path} {synopsis}");
            code = Accepts(parsed.Operands.Count) ? Run(parsed, output) : throw new ToolFailure($"Usage: {Path} {synopsis}");
        }
        catch (ToolFailure failure)
        {
            output.Complain(failure.Message);
        }

        return ValueTask.FromResult(output.ToResult(code));
    }

    /// <summary>True when it can do with so many operands.</summary>
    protected virtual bool Accepts(int operands) => operands > 0;

    /// <summary>Does its work and gives its exit code.</summary>
    protected abstract int Run(ToolOptions options, ToolOutput output);

    /// <summary>Does something within a transaction that is aborted when it fails.</summary>
    /// <param name="body">Gives the exit code.</param>
    protected int Transact(Func<int> body)
    {
        int code = 0;
        try
        {
            store.Transact(() =>
            {
                code = body();
                if (code != 0)
                {
                    throw new OperationCanceledException();
                }
            });
        }
        catch (OperationCanceledException)
        {
            // Aborted; what there is to say has been said.
        }

        return code;
    }

    /// <summary>The value; null when it cannot be read for whatever reason.</summary>
    protected byte[]? Read(string path) => Try(() => store.ReadBytes(0, path));

    /// <summary>The children; null when they cannot be listed for whatever reason.</summary>
    protected IReadOnlyList<string>? List(string path) => Try(() => store.List(0, path));

    /// <summary>The permissions; null when they cannot be read for whatever reason.</summary>
    protected IReadOnlyList<XenStorePermission>? GetPermissions(string path) => Try(() => store.GetPermissions(0, path));

    /// <summary>A command-line argument as the bytes that a program gets.</summary>
    protected static byte[] Bytes(string argument) => Encoding.UTF8.GetBytes(argument);

    private static T? Try<T>(Func<T?> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (XenStoreException)
        {
            return null;
        }
    }
}

/// <summary>A program gives up with a message and exit code 1 (errx(3)).</summary>
/// <param name="message">What it says after its name.</param>
internal sealed class ToolFailure(string message) : Exception(message);
