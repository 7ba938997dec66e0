using XenDriverDomain.Configuration.Xm.Values;

namespace XenDriverDomain.Configuration.Xm.Syntax;

/// <summary>Expressions of Python 2 (Language Reference, chapter 5) by recursive descent; binary operators by precedence.</summary>
internal abstract class XmExpressionParser(XmSource source) : XmTokenReader(source)
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

    private XmExpression ReadAtom()
    {
        XmToken token = Token;
        switch (token.Kind)
        {
            case XmTokenKind.Number:
                Take();
                return new XmConstant(token.Start, token.Value!);
            case XmTokenKind.Text:
                return ReadText();
            case XmTokenKind.Name:
                Take();
                return token.Text == "None" ? new XmConstant(token.Start, PyNone.Value) : new XmName(token.Start, token.Text);
            case XmTokenKind.Operator when token.Text == "(":
                return ReadParentheses();
            case XmTokenKind.Operator when token.Text == "[":
                return ReadList();
            case XmTokenKind.Operator when token.Text == "{":
                return ReadBraces();
            case XmTokenKind.Operator when token.Text == "`":
                Take();
                Enter();
                XmExpression operand = ReadTuple();
                Leave();
                Expect("`");
                return new XmRepr(token.Start, operand);
            case XmTokenKind.Keyword when token.Text == "yield":
                throw Source.Unsupported(token.Start, "'yield'");
            default:
                throw Unexpected("a value");
        }
    }

    private XmConstant ReadText()
    {
        XmToken first = Take();
        PyString value = (PyString)first.Value!;
        if (Token.Kind == XmTokenKind.Text)
        {
            List<string> parts = [value.Text];
            bool isUnicode = value.IsUnicode;
            while (Token.Kind == XmTokenKind.Text)
            {
                PyString next = (PyString)Take().Value!;
                parts.Add(next.Text);
                isUnicode |= next.IsUnicode;
            }

            value = new PyString(string.Concat(parts), isUnicode, first.Start);
        }

        return new XmConstant(first.Start, value);
    }

    private XmExpression ReadParentheses()
    {
        int position = Take().Start;
        if (TryTake(")"))
        {
            return new XmTupleDisplay(position, []);
        }

        XmExpression inner = ReadTuple();
        if (Token.Is("for"))
        {
            inner = ReadComprehension(position, '(', inner, null);
        }

        Expect(")");
        return inner;
    }

    private XmExpression ReadList()
    {
        int position = Take().Start;
        List<XmExpression> items = [];
        while (!Token.Is("]"))
        {
            items.Add(ReadExpression());
            if (items.Count == 1 && Token.Is("for"))
            {
                XmExpression made = ReadComprehension(position, '[', items[0], null);
                Expect("]");
                return made;
            }

            if (!TryTake(","))
            {
                break;
            }
        }

        Expect("]");
        return new XmListDisplay(position, items);
    }

    private XmExpression ReadBraces()
    {
        int position = Take().Start;
        List<(XmExpression Key, XmExpression Value)> pairs = [];
        List<XmExpression> items = [];
        while (!Token.Is("}"))
        {
            XmExpression key = ReadExpression();
            XmExpression? value = null;
            if (items.Count == 0 && TryTake(":"))
            {
                value = ReadExpression();
                pairs.Add((key, value));
            }
            else if (pairs.Count == 0)
            {
                items.Add(key);
            }
            else
            {
                throw Unexpected("':'");
            }

            if (Token.Is("for") && items.Count + pairs.Count == 1)
            {
                XmExpression made = ReadComprehension(position, value is null ? '{' : ':', key, value);
                Expect("}");
                return made;
            }

            if (!TryTake(","))
            {
                break;
            }
        }

        Expect("}");
        return items.Count > 0 ? new XmSetDisplay(position, items) : new XmDictDisplay(position, pairs);
    }

    private XmComprehension ReadComprehension(int position, char kind, XmExpression element, XmExpression? value)
    {
        // In Python 2 a list comprehension's variables are the surrounding block's; the others have a scope of their own.
        XmNameCollector names = kind == '[' ? Names : new XmNameCollector();
        _scopes.Push(names);
        List<XmComprehensionClause> clauses = [];
        while (Token.Is("for") || Token.Is("if"))
        {
            if (TryTake("if"))
            {
                clauses.Add(new XmComprehensionClause(null, Token.Is("lambda") ? ReadLambda() : ReadOr()));
                continue;
            }

            Take();
            XmExpression target = ReadTarget();
            Expect("in");
            XmToken start = Token;
            XmExpression origin = ReadOr();
            if (kind == '[' && Token.Is(","))
            {
                List<XmExpression> items = [origin];
                while (TryTake(",") && BeginsExpression())
                {
                    items.Add(ReadOr());
                }

                origin = new XmTupleDisplay(start.Start, items);
            }

            clauses.Add(new XmComprehensionClause(target, origin));
        }

        _scopes.Pop();
        return new XmComprehension(position, kind, element, value, clauses, kind == '[' ? new HashSet<string>() : names.Locals());
    }
}
