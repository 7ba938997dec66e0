using System.Text;

namespace XenDriverDomain.Fuzz;

/// <summary>Makes inputs out of seeds: characters changed, pieces moved between seeds, cut, doubled.</summary>
internal sealed class Mutator(string[] seeds, int seed)
{
    private const int MaxLength = 4096;
    private const string Odd = "()[]{}'\"\\%:;,.=+-*/<>!@#`~^&|0123456789 \t\n\0\u00e4\ud800";
    private readonly Random _random = new(seed);

    public string Next()
    {
        StringBuilder text = new(Pick());
        for (int n = _random.Next(1, 6); n > 0; n--)
        {
            Mutate(text);
        }

        return text.Length > MaxLength ? text.ToString(0, MaxLength) : text.ToString();
    }

    private string Pick() => seeds[_random.Next(seeds.Length)];

    private string Piece(string text)
    {
        int start = _random.Next(text.Length + 1);
        return text.Substring(start, _random.Next(Math.Min(60, text.Length - start) + 1));
    }

    private void Mutate(StringBuilder text)
    {
        int at = _random.Next(text.Length + 1);
        switch (_random.Next(6))
        {
            case 0 when at < text.Length:
                text[at] = Odd[_random.Next(Odd.Length)];
                break;
            case 1:
                text.Insert(at, Odd[_random.Next(Odd.Length)]);
                break;
            case 2:
                text.Remove(at, Math.Min(_random.Next(20), text.Length - at));
                break;
            case 3:
                text.Insert(at, Piece(Pick()));
                break;
            case 4:
                text.Insert(at, Piece(text.ToString()));
                break;
            default:
                text.Append('\n').Append(Pick());
                break;
        }
    }
}
