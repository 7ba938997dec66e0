using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>What the rest is made of (5.2): names, literals, displays and comprehensions.</summary>
internal abstract partial class XmExpressionParser
{
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
