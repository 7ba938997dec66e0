namespace XenDriverDomain.Xm.Syntax;

/// <summary>
/// Expressions of Python 2 (Language Reference, chapter 5) by recursive descent; binary operators by precedence (5.4-5.11).
/// </summary>
internal abstract partial class XmExpressionParser(XmSource source) : XmTokenReader(source)
{
    private readonly Stack<XmNameCollector> _scopes = new([new XmNameCollector()]);

    protected XmNameCollector Names => _scopes.Peek();

    protected bool IsInFunction => _scopes.Count > 1;

    /// <summary>An expression, or several with commas: a tuple.</summary>
    protected XmExpression ReadTuple()
    {
        XmToken start = Token;
        XmExpression first = ReadExpression();
        if (!Token.Is(","))
        {
            return first;
        }

        List<XmExpression> items = [first];
        while (TryTake(",") && BeginsExpression())
        {
            items.Add(ReadExpression());
        }

        return new XmTupleDisplay(start.Start, items);
    }

    protected XmExpression ReadExpression()
    {
        Enter();
        XmExpression expression;
        if (Token.Is("lambda"))
        {
            expression = ReadLambda();
        }
        else
        {
            expression = ReadOr();
            if (Token.Is("if"))
            {
                int position = Take().Start;
                XmExpression test = ReadOr();
                Expect("else");
                expression = new XmConditional(position, test, expression, ReadExpression());
            }
        }

        Leave();
        return expression;
    }

    /// <summary>What stands left of <c>in</c> or of <c>=</c>.</summary>
    protected XmExpression ReadTarget()
    {
        XmToken start = Token;
        XmExpression first = ReadBinary(0);
        if (Token.Is(","))
        {
            List<XmExpression> items = [first];
            while (TryTake(",") && !Token.Is("in") && !Token.Is("="))
            {
                items.Add(ReadBinary(0));
            }

            first = new XmTupleDisplay(start.Start, items);
        }

        CheckTarget(first);
        return first;
    }

    /// <summary>Refuses what cannot be assigned to, and notes the names that are.</summary>
    protected void CheckTarget(XmExpression target)
    {
        switch (target)
        {
            case XmName { Name: "None" or "True" or "False" } name:
                throw Source.SyntaxError(name.Position, $"{name.Name} cannot be assigned to", "Choose another name.");
            case XmName name:
                Names.Bound.Add(name.Name);
                break;
            case XmTupleDisplay tuple:
                CheckTargets(tuple.Items);
                break;
            case XmListDisplay list:
                CheckTargets(list.Items);
                break;
            case XmSubscript or XmSlice:
                break;
            case XmAttribute attribute:
                throw Source.Unsupported(attribute.Position, $"an assignment to the attribute '{attribute.Name}'");
            default:
                throw Source.SyntaxError(
                    target.Position, "this cannot be assigned to", "Left of '=' stands a name; a comparison is '=='.");
        }
    }

    private static int Precedence(XmToken token) => token.Kind != XmTokenKind.Operator ? 0 : token.Text switch
    {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" or ">>" => 4,
        "+" or "-" => 5,
        "*" or "/" or "//" or "%" => 6,
        _ => 0,
    };

    private void CheckTargets(IReadOnlyList<XmExpression> targets)
    {
        Enter();
        foreach (XmExpression target in targets)
        {
            CheckTarget(target);
        }

        Leave();
    }

    private bool BeginsExpression() => Token.Kind switch
    {
        XmTokenKind.Name or XmTokenKind.Number or XmTokenKind.Text => true,
        XmTokenKind.Operator => Token.Text is "(" or "[" or "{" or "-" or "+" or "~" or "`",
        XmTokenKind.Keyword => Token.Text is "not" or "lambda",
        _ => false,
    };

    private XmExpression ReadOr()
    {
        XmExpression left = ReadAnd();
        while (Token.Is("or"))
        {
            int position = Take().Start;
            left = new XmBoolean(position, false, left, ReadAnd());
        }

        return left;
    }

    private XmExpression ReadAnd()
    {
        XmExpression left = ReadNot();
        while (Token.Is("and"))
        {
            int position = Take().Start;
            left = new XmBoolean(position, true, left, ReadNot());
        }

        return left;
    }

    private XmExpression ReadNot()
    {
        if (!Token.Is("not"))
        {
            return ReadComparison();
        }

        Enter();
        XmUnary not = new(Take().Start, "not", ReadNot());
        Leave();
        return not;
    }

    private XmExpression ReadComparison()
    {
        XmExpression first = ReadBinary(0);
        List<(string Operator, XmExpression Operand)>? rest = null;
        int position = Token.Start;
        while (ReadComparisonOperator() is string sign)
        {
            (rest ??= []).Add((sign, ReadBinary(0)));
        }

        return rest is null ? first : new XmCompare(position, first, rest);
    }

    private string? ReadComparisonOperator()
    {
        if (Token.Kind == XmTokenKind.Operator && Token.Text is "<" or ">" or "<=" or ">=" or "==" or "!=" or "<>")
        {
            string sign = Take().Text;
            return sign == "<>" ? "!=" : sign;
        }

        if (TryTake("in"))
        {
            return "in";
        }

        if (Token.Is("not") && Ahead.Is("in"))
        {
            Take();
            Take();
            return "not in";
        }

        return !TryTake("is") ? null : TryTake("not") ? "is not" : "is";
    }

    private XmExpression ReadBinary(int above)
    {
        XmExpression left = ReadUnary();
        while (Precedence(Token) is int precedence && precedence > above)
        {
            XmToken sign = Take();
            Enter();
            left = new XmBinary(sign.Start, sign.Text, left, ReadBinary(precedence));
            Leave();
        }

        return left;
    }

    private XmExpression ReadUnary()
    {
        if (Token.Kind == XmTokenKind.Operator && Token.Text is "-" or "+" or "~")
        {
            Enter();
            XmToken sign = Take();
            XmUnary unary = new(sign.Start, sign.Text, ReadUnary());
            Leave();
            return unary;
        }

        XmExpression operand = ReadPostfix();
        if (!Token.Is("**"))
        {
            return operand;
        }

        Enter();
        int position = Take().Start;
        XmBinary power = new(position, "**", operand, ReadUnary());
        Leave();
        return power;
    }
}
