namespace XenDriverDomain.Xm.Syntax;

/// <summary>What binds closest (5.3): attributes, subscripts, slices and calls.</summary>
internal abstract partial class XmExpressionParser
{
    private XmExpression ReadPostfix()
    {
        XmExpression target = ReadAtom();
        while (Token.Kind == XmTokenKind.Operator)
        {
            switch (Token.Text)
            {
                case "(":
                    target = ReadCall(target);
                    break;
                case "[":
                    target = ReadSubscript(target);
                    break;
                case ".":
                    Take();
                    int position = Token.Start;
                    target = new XmAttribute(position, target, ExpectName());
                    break;
                default:
                    return target;
            }
        }

        return target;
    }

    private XmCall ReadCall(XmExpression function)
    {
        int position = function.Position;
        Take();
        List<XmExpression> arguments = [];
        List<(string Name, XmExpression Value)> named = [];
        XmExpression? star = null;
        XmExpression? starStar = null;
        while (!Token.Is(")"))
        {
            if (TryTake("**"))
            {
                starStar = ReadExpression();
            }
            else if (TryTake("*"))
            {
                star = ReadExpression();
            }
            else if (Token.Kind == XmTokenKind.Name && Ahead.Is("="))
            {
                XmToken name = Take();
                Take();
                if (named.Any(n => n.Name == name.Text))
                {
                    throw Source.SyntaxError(name.Start, "a keyword argument is repeated", "Give it once.");
                }

                named.Add((name.Text, ReadExpression()));
            }
            else
            {
                int start = Token.Start;
                XmExpression argument = ReadExpression();
                if (Token.Is("for"))
                {
                    argument = ReadComprehension(start, '(', argument, null);
                }

                if (named.Count > 0 || star is not null)
                {
                    throw Source.SyntaxError(start, "a positional argument follows a keyword argument", "Change their order.");
                }

                arguments.Add(argument);
            }

            if (!TryTake(","))
            {
                break;
            }
        }

        Expect(")");
        return new XmCall(position, function, arguments, named, star, starStar);
    }

    private XmExpression ReadSubscript(XmExpression target)
    {
        int position = Take().Start;
        XmExpression? start = null;
        if (!Token.Is(":"))
        {
            start = ReadTuple();
            if (TryTake("]"))
            {
                return new XmSubscript(position, target, start);
            }
        }

        Expect(":");
        XmExpression? stop = Token.Is("]") || Token.Is(":") ? null : ReadExpression();
        XmExpression? step = null;
        if (TryTake(":") && !Token.Is("]"))
        {
            step = ReadExpression();
        }

        Expect("]");
        return new XmSlice(position, target, start, stop, step);
    }
}
