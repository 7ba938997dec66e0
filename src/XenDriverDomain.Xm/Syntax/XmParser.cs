namespace XenDriverDomain.Xm.Syntax;

/// <summary>
/// Statements of Python 2 (Language Reference, chapters 6 and 7). What is not supported is refused here, before anything runs.
/// </summary>
internal sealed class XmParser : XmExpressionParser
{
    private int _loops;

    private XmParser(XmSource source)
        : base(source)
    {
    }

    public static IReadOnlyList<XmStatement> Parse(XmSource source)
    {
        XmParser parser = new(source);
        List<XmStatement> statements = [];
        while (parser.Token.Kind != XmTokenKind.End)
        {
            if (parser.Token.Kind == XmTokenKind.NewLine)
            {
                parser.Take();
                continue;
            }

            if (parser.Token.Kind == XmTokenKind.Indent)
            {
                throw source.SyntaxError(parser.Token.Start, "the line is indented without reason", "Begin it in the first column.");
            }

            parser.ReadStatement(statements);
        }

        return statements;
    }

    private void ReadStatement(List<XmStatement> into)
    {
        XmToken token = Token;
        if (token.Kind == XmTokenKind.Keyword)
        {
            switch (token.Text)
            {
                case "if":
                    into.Add(ReadIf());
                    return;
                case "for":
                    into.Add(ReadFor());
                    return;
                case "while":
                    into.Add(ReadWhile());
                    return;
                case "def":
                    into.Add(ReadDefine());
                    return;
                case "try":
                    into.Add(ReadTry());
                    return;
                case "class" or "with":
                    throw Source.Unsupported(token.Start, $"'{token.Text}'");
            }
        }

        if (token.Is("@"))
        {
            throw Source.Unsupported(token.Start, "a decorator");
        }

        ReadSimpleLine(into);
    }

    private void ReadSimpleLine(List<XmStatement> into)
    {
        do
        {
            ReadSimple(into);
        }
        while (TryTake(";") && Token.Kind != XmTokenKind.NewLine);

        if (Token.Kind != XmTokenKind.NewLine)
        {
            throw Unexpected("the end of the statement");
        }

        Take();
    }

    private List<XmStatement> ReadBlock()
    {
        Expect(":");
        List<XmStatement> block = [];
        if (Token.Kind != XmTokenKind.NewLine)
        {
            ReadSimpleLine(block);
            return block;
        }

        Take();
        if (Token.Kind != XmTokenKind.Indent)
        {
            throw Unexpected("an indented block");
        }

        Take();
        Enter();
        while (Token.Kind is not (XmTokenKind.Dedent or XmTokenKind.End))
        {
            if (Token.Kind == XmTokenKind.Indent)
            {
                throw Source.SyntaxError(Token.Start, "the line is indented without reason", "Align it with its block.");
            }

            ReadStatement(block);
        }

        Leave();
        Take();
        return block;
    }

    private XmIf ReadIf()
    {
        int position = Take().Start;
        XmExpression test = ReadExpression();
        List<XmStatement> then = ReadBlock();
        List<XmStatement> otherwise = [];
        if (Token.Is("elif"))
        {
            Enter();
            otherwise.Add(ReadIf());
            Leave();
        }
        else if (TryTake("else"))
        {
            otherwise = ReadBlock();
        }

        return new XmIf(position, test, then, otherwise);
    }

    private XmFor ReadFor()
    {
        int position = Take().Start;
        XmExpression target = ReadTarget();
        Expect("in");
        XmExpression origin = ReadTuple();
        (List<XmStatement> body, List<XmStatement> otherwise) = ReadLoop();
        return new XmFor(position, target, origin, body, otherwise);
    }

    private XmWhile ReadWhile()
    {
        int position = Take().Start;
        XmExpression test = ReadExpression();
        (List<XmStatement> body, List<XmStatement> otherwise) = ReadLoop();
        return new XmWhile(position, test, body, otherwise);
    }

    private (List<XmStatement> Body, List<XmStatement> Else) ReadLoop()
    {
        _loops++;
        List<XmStatement> body = ReadBlock();
        _loops--;
        return (body, TryTake("else") ? ReadBlock() : []);
    }

    private XmDefine ReadDefine()
    {
        int position = Take().Start;
        string name = ExpectName();
        Names.Bound.Add(name);
        Expect("(");
        int loops = _loops;
        _loops = 0;
        (XmFunctionCode code, List<XmExpression> defaults) = ReadFunction(name, ")", ReadBlock);
        _loops = loops;
        return new XmDefine(position, code, defaults);
    }

    private XmTry ReadTry()
    {
        int position = Take().Start;
        List<XmStatement> body = ReadBlock();
        List<XmHandler> handlers = [];
        while (TryTake("except"))
        {
            XmExpression? type = null;
            XmExpression? target = null;
            if (!Token.Is(":"))
            {
                type = ReadExpression();
                if (TryTake("as") || TryTake(","))
                {
                    target = ReadExpression();
                    CheckTarget(target);
                }
            }

            handlers.Add(new XmHandler(type, target, ReadBlock()));
        }

        List<XmStatement> otherwise = handlers.Count > 0 && TryTake("else") ? ReadBlock() : [];
        bool hasFinally = TryTake("finally");
        List<XmStatement> last = hasFinally ? ReadBlock() : [];
        return handlers.Count > 0 || hasFinally
            ? new XmTry(position, body, handlers, otherwise, last)
            : throw Unexpected("'except' or 'finally'");
    }

    private void ReadSimple(List<XmStatement> into)
    {
        XmToken token = Token;
        if (token.Kind != XmTokenKind.Keyword)
        {
            into.Add(ReadAssignment());
            return;
        }

        switch (token.Text)
        {
            case "pass":
                Take();
                into.Add(new XmPass(token.Start));
                break;
            case "break" or "continue":
                Take();
                into.Add(_loops == 0
                    ? throw Source.SyntaxError(token.Start, $"'{token.Text}' is outside a loop", "Remove it.")
                    : token.Text == "break" ? new XmBreak(token.Start) : new XmContinue(token.Start));
                break;
            case "return":
                Take();
                into.Add(!IsInFunction
                    ? throw Source.SyntaxError(token.Start, "'return' is outside a function", "Remove it.")
                    : new XmReturn(token.Start, AtEnd() ? null : ReadTuple()));
                break;
            case "raise":
                into.Add(ReadRaise());
                break;
            case "assert":
                Take();
                into.Add(new XmAssert(token.Start, ReadExpression(), TryTake(",") ? ReadExpression() : null));
                break;
            case "del":
                Take();
                into.Add(ReadDelete(token.Start));
                break;
            case "global":
                Take();
                ReadGlobal();
                into.Add(new XmPass(token.Start));
                break;
            case "print":
                into.Add(ReadPrint());
                break;
            case "import":
                Take();
                ReadImports(token.Start, into);
                break;
            case "from":
                Take();
                ReadFromImport(token.Start, into);
                break;
            case "exec" or "yield" or "with" or "class":
                throw Source.Unsupported(token.Start, $"'{token.Text}'");
            case "not" or "lambda":
                into.Add(ReadAssignment());
                break;
            default:
                throw Unexpected("a statement");
        }
    }

    private bool AtEnd() => Token.Kind == XmTokenKind.NewLine || Token.Is(";");

    private XmStatement ReadAssignment()
    {
        int position = Token.Start;
        XmExpression value = ReadTuple();
        if (Token.Kind == XmTokenKind.Operator && Token.Text.Length > 1 && Token.Text[^1] == '='
            && Token.Text is not ("==" or "<=" or ">=" or "!="))
        {
            if (value is not (XmName or XmSubscript or XmSlice or XmAttribute))
            {
                throw Source.SyntaxError(value.Position, "this cannot be assigned to", "Left of it stands a name.");
            }

            CheckTarget(value);
            string sign = Take().Text[..^1];
            return new XmAugmentedAssign(position, value, sign, ReadTuple());
        }

        if (Token.Is(":"))
        {
            throw Source.SyntaxError(Token.Start, "':' cannot stand here", "A setting is written with '='; annotations are Python 3.");
        }

        List<XmExpression> targets = [];
        while (TryTake("="))
        {
            CheckTarget(value);
            targets.Add(value);
            value = ReadTuple();
        }

        return targets.Count == 0 ? new XmExpressionStatement(position, value) : new XmAssign(position, targets, value);
    }

    private XmRaise ReadRaise()
    {
        int position = Take().Start;
        if (AtEnd())
        {
            return new XmRaise(position, null, null);
        }

        XmExpression type = ReadExpression();
        XmExpression? value = TryTake(",") ? ReadExpression() : null;
        if (Token.Is(","))
        {
            throw Source.Unsupported(position, "'raise' with a traceback");
        }

        return new XmRaise(position, type, value);
    }

    private XmDelete ReadDelete(int position)
    {
        XmExpression target = ReadTuple();
        CheckTarget(target);
        return new XmDelete(position, target is XmTupleDisplay tuple ? tuple.Items : [target]);
    }

    private void ReadGlobal()
    {
        do
        {
            string name = ExpectName();
            if (IsInFunction)
            {
                Names.DeclareGlobal(name);
            }
        }
        while (TryTake(","));
    }

    private XmPrint ReadPrint()
    {
        int position = Take().Start;
        XmExpression? stream = null;
        List<XmExpression> values = [];
        if (TryTake(">>"))
        {
            stream = ReadExpression();
            if (!AtEnd())
            {
                Expect(",");
            }
        }

        bool endsLine = true;
        while (!AtEnd())
        {
            values.Add(ReadExpression());
            endsLine = true;
            if (!TryTake(","))
            {
                break;
            }

            endsLine = false;
        }

        return new XmPrint(position, stream, values, endsLine);
    }

    private string ReadDottedName()
    {
        string name = ExpectName();
        while (TryTake("."))
        {
            name += "." + ExpectName();
        }

        return name;
    }

    private void ReadImports(int position, List<XmStatement> into)
    {
        do
        {
            string module = ReadDottedName();
            string? alias = TryTake("as") ? ExpectName() : null;
            Names.Bound.Add(alias ?? module.Split('.')[0]);
            into.Add(new XmImport(position, module, null, alias));
        }
        while (TryTake(","));
    }

    private void ReadFromImport(int position, List<XmStatement> into)
    {
        if (Token.Is("."))
        {
            throw Source.Unsupported(position, "a relative import");
        }

        string module = ReadDottedName();
        Expect("import");
        if (TryTake("*"))
        {
            into.Add(new XmImport(position, module, "*", null));
            return;
        }

        bool isBracketed = TryTake("(");
        do
        {
            if (isBracketed && Token.Is(")"))
            {
                break;
            }

            string member = ExpectName();
            string? alias = TryTake("as") ? ExpectName() : null;
            Names.Bound.Add(alias ?? member);
            into.Add(new XmImport(position, module, member, alias));
        }
        while (TryTake(","));

        if (isBracketed)
        {
            Expect(")");
        }
    }
}
