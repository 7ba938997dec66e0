using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The methods of str that make it as long as wanted.</summary>
internal static class PyStringPadding
{
    public static PyString Pad(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 2);
        string fill = arguments.Count > 1 ? arguments.Text(1) : " ";
        if (fill.Length != 1)
        {
            throw PyRaise.TypeError($"{arguments.Name}() argument 2 must be char, not str");
        }

        int width = Width(run, arguments);
        string text = self.Text;
        int missing = Math.Max(0, width - text.Length);

        // CPython rounds the left half of center() in its own way.
        int left = (missing / 2) + (missing & width & 1);
        return run.Text(
            arguments.Name switch
            {
                "ljust" => text.PadRight(width, fill[0]),
                "rjust" => text.PadLeft(width, fill[0]),
                _ => text.PadLeft(text.Length + left, fill[0]).PadRight(text.Length + missing, fill[0]),
            },
            self.IsUnicode,
            self.Origin);
    }

    public static PyString ZeroFill(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 1);
        string text = self.Text;
        bool hasSign = text.Length > 0 && text[0] is '+' or '-';
        int width = Width(run, arguments);
        string filled = hasSign ? text[0] + text[1..].PadLeft(Math.Max(0, width - 1), '0') : text.PadLeft(width, '0');
        return run.Text(filled, self.IsUnicode);
    }

    public static PyString ExpandTabs(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(0, 1);
        int size = arguments.Count > 0 ? (int)Math.Clamp(arguments.Long(0), 0, 1000) : 8;
        System.Text.StringBuilder made = new();
        int column = 0;
        foreach (char c in self.Text)
        {
            int count = c != '\t' ? 1 : size == 0 ? 0 : size - (column % size);
            run.Budget.AllocateText(count);
            made.Append(c == '\t' ? ' ' : c, count);
            column = c is '\n' or '\r' ? 0 : column + count;
        }

        return run.Text(made.ToString(), self.IsUnicode, self.Origin);
    }

    private static int Width(XmRuntime run, PyArguments arguments)
    {
        long width = Math.Clamp(arguments.Long(0), 0, int.MaxValue / 4);
        run.Budget.AllocateText(width);
        return (int)width;
    }
}
