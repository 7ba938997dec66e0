using XenDriverDomain.Fuzz.Grammars;

namespace XenDriverDomain.Fuzz;

/// <summary>Inputs by number: number n is the same text each time, so that a run can be cut into ranges and gone on with.</summary>
/// <param name="grammar">The language's grammar.</param>
/// <param name="seeds">Files to damage; may be empty.</param>
internal sealed class InputSource(Func<Random, Grammar> grammar, IReadOnlyList<string> seeds)
{
    /// <summary>Inputs that share their random numbers; ranges begin at a multiple of it.</summary>
    public const int BlockSize = 1000;

    private const int FilesToDamage = 40;

    /// <summary>
    /// The inputs of a block. Half of the blocks are pure grammar, the others damage what the grammar writes, or the seeds.
    /// </summary>
    public IEnumerable<string> Block(int number)
    {
        Random random = new(number);
        Grammar writer = grammar(random);
        Func<string> next = (number % 4) switch
        {
            0 or 1 => writer.Next,
            2 when seeds.Count > 0 => new Mutator(seeds, random).Next,
            _ => new Mutator([.. Enumerable.Range(0, FilesToDamage).Select(_ => writer.Next())], random).Next,
        };
        for (int i = 0; i < BlockSize; i++)
        {
            yield return next();
        }
    }
}
