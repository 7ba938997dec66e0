namespace XenDriverDomain.Xm.Syntax;

/// <summary>Parameters and their defaults, for def and lambda (5.12, 7.6).</summary>
internal abstract partial class XmExpressionParser
{
    protected (XmFunctionCode Code, List<XmExpression> Defaults) ReadFunction(string name, string end, Func<List<XmStatement>> body)
    {
        List<string> parameters = [];
        List<XmExpression> defaults = [];
        string? star = null;
        string? starStar = null;
        while (!Token.Is(end))
        {
            if (TryTake("**"))
            {
                starStar = ExpectName();
            }
            else if (TryTake("*"))
            {
                star = ExpectName();
            }
            else if (Token.Is("("))
            {
                throw Source.Unsupported(Token.Start, "a tuple as a parameter");
            }
            else
            {
                int position = Token.Start;
                parameters.Add(ExpectName());
                if (TryTake("="))
                {
                    defaults.Add(ReadExpression());
                }
                else if (defaults.Count > 0)
                {
                    throw Source.SyntaxError(position, "a parameter without default follows one with a default", "Change their order.");
                }

                if (star is not null || starStar is not null)
                {
                    throw Source.SyntaxError(position, "a parameter follows *", "Change their order.");
                }
            }

            if (!TryTake(","))
            {
                break;
            }
        }

        Expect(end);
        XmNameCollector names = new();
        names.Bound.UnionWith(parameters);
        if (names.Bound.Count != parameters.Count)
        {
            throw Source.SyntaxError(Token.Start, "two parameters have the same name", "Rename one.");
        }

        if (star is not null)
        {
            names.Bound.Add(star);
        }

        if (starStar is not null)
        {
            names.Bound.Add(starStar);
        }

        _scopes.Push(names);
        List<XmStatement> statements = body();
        _scopes.Pop();
        return (new XmFunctionCode(name, parameters, star, starStar, statements, names.Locals()), defaults);
    }

    private XmLambda ReadLambda()
    {
        int position = Take().Start;
        (XmFunctionCode code, List<XmExpression> defaults) = ReadFunction("<lambda>", ":", () =>
        {
            XmExpression value = ReadExpression();
            return [new XmReturn(value.Position, value)];
        });
        return new XmLambda(position, code, defaults);
    }
}
