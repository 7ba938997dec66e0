using System.Text;

namespace XenDriverDomain.Changes;

/// <summary>
/// One step of a change: words for a person, what it does to the host, how that is proven, and how it is undone.
/// </summary>
/// <param name="Description">What the step does, in the imperative: "Unbind 0000:00:10.0 from e1000e".</param>
/// <param name="Parts">What it does. It proves its own effect by reading back, and throws when it is not there.</param>
internal sealed record ChangeStep(string Description, params IReadOnlyList<StepPart> Parts)
{
    /// <summary>What undoing it means, in the imperative; null when there is nothing to undo.</summary>
    public string? UndoDescription { get; init; }

    /// <summary>
    /// Takes the step back, and throws when it is still there afterwards; null when nothing does. It must be safe when the step was carried
    /// out only in part or not at all, because a step that fails half-way is undone as well.
    /// </summary>
    public IReadOnlyList<StepPart>? Undo { get; init; }

    /// <summary>
    /// Looks whether the host is as it was before the step; null when <see cref="Undo"/> sees to that by itself. It is asked before
    /// the undo, which is then neither done nor claimed where there is nothing to undo, and after it, which proves it.
    /// </summary>
    public Func<HostHand, CancellationToken, Task<bool>>? IsUndoneAsync { get; init; }

    /// <summary>
    /// True when what was done before is of use although this step fails: nothing of it is undone then, only this step itself. A domain
    /// that serves five clients is not destroyed because the sixth does not answer.
    /// </summary>
    public bool KeepsEarlierSteps { get; init; }

    /// <summary>
    /// True when all that can be seen says that the host is there already, and the step only makes sure of what nobody can see.
    /// </summary>
    public bool MakesSure { get; init; }

    /// <summary>The step and its undo for a POSIX shell, the undo as comments.</summary>
    public string ToShell()
    {
        StringBuilder text = new();
        text.Append("# ").Append(Description.ReplaceLineEndings(" "));
        if (StepPart.ToShell(Parts) is { Length: > 0 } doing)
        {
            text.Append('\n').Append(doing);
        }

        if (Undo is null && Parts.Any(part => part.Changes))
        {
            text.Append("\n#   undo: none");
        }
        else if (Undo is not null && StepPart.ToShell(Undo) is { Length: > 0 } undoing)
        {
            text.Append("\n#   undo: ").Append((UndoDescription ?? Description).ReplaceLineEndings(" "));
            foreach (string line in undoing.Split('\n'))
            {
                text.Append("\n#     ").Append(line);
            }
        }

        return text.ToString();
    }
}
