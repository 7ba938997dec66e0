using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>ls(1), one name a line: -1, -a, -d, -l, -R.</summary>
internal sealed class Ls(SimulatedFiles files) : SmallProgram("/usr/bin/ls")
{
    /// <inheritdoc/>
    protected override int UsageExitCode => 2;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "1adlR");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        List<string> directories = [];
        bool hasFiles = false;
        IReadOnlyList<string> operands = words.Operands.Count > 0 ? words.Operands : ["."];
        foreach (string operand in operands.Order(StringComparer.Ordinal))
        {
            // A link that is named is followed to a directory, but with -l.
            Found? found = files.Find(Absolute(operand), followLast: !words.Has('l'), out Errno why);
            if (found is null && !words.Has('l'))
            {
                found = files.Find(Absolute(operand), followLast: false, out _);
            }

            if (found is not { } thing)
            {
                output.Complain($"cannot access '{operand}'", why, 2);
            }
            else if (thing.Node is DirectoryNode && !words.Has('d'))
            {
                directories.Add(operand);
            }
            else
            {
                output.WriteLine(Describe(operand, thing.Node, words));
                hasFiles = true;
            }
        }

        for (int i = 0; i < directories.Count; i++)
        {
            List(directories[i], words, output, withName: operands.Count > 1 || words.Has('R'), isFirst: i == 0 && !hasFiles);
        }

        return ValueTask.CompletedTask;
    }

    private static string Describe(string name, FileNode node, Words words)
    {
        if (!words.Has('l'))
        {
            return name;
        }

        string target = node is LinkNode link ? $" -> {link.Target}" : string.Empty;
        int size = node is OrdinaryFile file ? file.Content.Length : node is AttributeNode ? 4096 : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{FileModes.Show(node)} 1 root root {size,8} Nov 22 00:00 {name}{target}");
    }

    private void List(string directory, Words words, Output output, bool withName, bool isFirst)
    {
        if (!isFirst)
        {
            output.WriteLine(string.Empty);
        }

        if (withName)
        {
            output.WriteLine($"{directory}:");
        }

        string[] names = [.. files.Names(Absolute(directory)).Where(name => words.Has('a') || !name.StartsWith('.'))];
        List<string> below = [];
        foreach (string name in names)
        {
            string path = FileTree.Join(Absolute(directory), name);
            if (files.Find(path, followLast: false, out _) is { } found)
            {
                output.WriteLine(Describe(name, found.Node, words));
                if (found.Node is DirectoryNode)
                {
                    below.Add(directory == "/" ? $"/{name}" : $"{directory}/{name}");
                }
            }
        }

        if (words.Has('R'))
        {
            foreach (string one in below)
            {
                List(one, words, output, withName: true, isFirst: false);
            }
        }
    }
}
