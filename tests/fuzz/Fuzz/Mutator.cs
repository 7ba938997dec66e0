using System.Text;

namespace XenDriverDomain.Fuzz;

/// <summary>Damages files: characters changed, pieces moved between files, cut, doubled.</summary>
internal sealed class Mutator(IReadOnlyList<string> files, Random random)
{
    private const int MaxLength = 4096;
    private const string Odd = "()[]{}'\"\\%:;,.=+-*/<>!@#`~^&|0123456789 \t\r\n\0\u00e4\ud800";

    public string Next()
    {
        StringBuilder text = new(Pick());
        for (int n = random.Next(1, 6); n > 0; n--)
        {
            Mutate(text);
        }

        return text.Length > MaxLength ? text.ToString(0, MaxLength) : text.ToString();
    }

    private string Pick() => files[random.Next(files.Count)];

    private string Piece(string text)
    {
        int start = random.Next(text.Length + 1);
        return text.Substring(start, random.Next(Math.Min(60, text.Length - start) + 1));
    }

    private void Mutate(StringBuilder text)
    {
        int at = random.Next(text.Length + 1);
        switch (random.Next(6))
        {
            case 0 when at < text.Length:
                text[at] = Odd[random.Next(Odd.Length)];
                break;
            case 1:
                text.Insert(at, Odd[random.Next(Odd.Length)]);
                break;
            case 2:
                text.Remove(at, Math.Min(random.Next(20), text.Length - at));
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
