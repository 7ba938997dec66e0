namespace XenDriverDomain.Fuzz.Grammars;

/// <summary>
/// xm's files: Python 2 as people wrote it there, and some that they did not. Values have a sort, so that most files run far instead
/// of ending at the first mistake.
/// </summary>
internal sealed class XmGrammar(Random random) : Grammar(random)
{
    private const int DeepestExpression = 4;
    private const int DeepestBlock = 3;

    private static readonly string[] s_prologue =
    [
        "import os, re\n", "a = 3\n", "b = 'x'\n", "c = [1, 'y', 3]\n", "d = {'k': 1, 'l': 'm'}\n", "vif = ['']\n",
        "def f(x, y=2):\n    return str(x) + '%s' % y\n", "xm_vars.var('beid', use='Back-end domain.', check=f)\nxm_vars.check()\n",
    ];

    private static readonly string[] s_numberAtoms =
    [
        "a", "a", "0", "1", "2", "7", "64", "0512", "0x1F", "0b11", "0o7", "10L", "1.5", "1e300", "9999999999999999999999", "True",
        "len(b)", "int(beid)",
    ];

    private static readonly string[] s_numberOperators = ["+", "-", "*", "/", "//", "%", "&", "|", "^"];

    private static readonly string[] s_numberCalls =
    [
        "int({0})", "abs({0})", "max({0}, {0})", "min({0}, {0})", "len({1})", "len({2})", "sum([{0}, {0}])",
        "ord(chr(({0}) % 128))", "{1}.find({1})", "{1}.count({1})", "round({0})", "float({0})", "-({0})", "({0} if {3} else {0})",
        "{2}.count({0})", "~int({0})", "({0}) << 3", "({0}) ** 2", "divmod({0}, 7)[1]",
    ];

    private static readonly string[] s_textAtoms =
    [
        "b", "b", "'x'", "\"y z\"", "''", "u'é'", "r'\\d+(x)?'", "'''a\nb'''", "\"\"\"c\"\"\"", "'a,b;c'", "'\\x41\\101\\n'", "'a' 'b'",
        "'backend=4,bridge=xenbr0'", "'file:/vm/1.img,hda1,w'", "os.uname()[4]", "beid", "str(d)", "repr(c)",
    ];

    private static readonly string[] s_textCalls =
    [
        "{1} + {1}", "{1} * 3", "'%d-%02x' % ({0}, int({0}))", "'%s' % {1}", "'%5.2f|%-8s' % ({0}, {1})", "'%(k)s' % d", "str({0})",
        "hex(int({0}))", "oct(int({0}))",
        "{1}.upper()", "{1}.replace({1}, {1})", "{1}.strip()", "','.join(map(str, {2}))", "'{{0}}:{{1!r:>5}}'.format({1}, {0})", "{1}[1:]",
        "{1}[::-1]", "{1}[-1:]",
        "f({0})", "f({1}, y={0})", "repr({2})", "{1}.zfill(9)", "{1}.title().center(20)", "os.path.join({1}, {1})", "os.path.basename({1})",
        "re.search('[a-z]+', {1} + 'q').group(0)", "re.sub('a|b', {1}.replace('\\\\', ''), {1})", "({1} if {3} else {1})",
        "(lambda x: x + 'z')({1})", "`{0}`",
    ];

    private static readonly string[] s_listAtoms = ["c", "[]", "range(5)", "[1, 2]", "list('abc')", "['phy:vg/x,xvda,w']", "vif"];

    private static readonly string[] s_listCalls =
    [
        "[{0}, {1}]", "[{1}]", "{2} + {2}", "{2} * 2", "{1}.split(',')", "sorted({2})", "[x for x in {2}]", "[x for x in {2} if {3}]",
        "map(str, {2})", "{2}[1:]",
        "[(x, y) for x in range(3) for y in {2}]", "list(reversed({2}))", "zip({2}, {2})", "filter(None, {2})", "list(enumerate({2}))",
        "d.keys()", "[{2}, {2}]",
        "dict(k={0}).values()", "list(set({1}))", "({2} if {3} else {2})", "list(x * 2 for x in {2})",
    ];

    private static readonly string[] s_conditions =
    [
        "{0} == {0}", "{0} < {0} <= {0}", "{1} in {1}", "{1} in {2}", "not {0}", "{1}.startswith({1})", "{1}.isdigit()", "{0} and {1}",
        "{2} or {0}", "a is None",
        "{2} != {2}", "'k' in d", "isinstance({0}, int)", "True", "{0} <> {0}", "{1} >= {1}", "re.match('x+', {1})", "d.has_key({1})",
    ];

    private static readonly string[] s_statements =
    [
        "a = {0}", "a = {0}", "b = {1}", "b = {1}", "c = {2}", "a += {0}", "b += {1}", "c += {2}", "c.append({1})", "d[{1}] = {0}",
        "name = {1}", "memory = {0}",
        "vif = [{1}]", "disk = {2}", "pci = [{1}, {1}]", "a, b = {0}, {1}", "(a, b) = ({0}, {1})", "c[0:1] = {2}",
        "xm_vars.var('v%d' % a, use={1})", "extra = {1}", "c.sort()",
        "c.extend({2})", "x = {3}", "d.update(k={0})", "x = y = {1}", "assert {0} or True, {1}", "del d['k']; d['k'] = 1", "{1}",
        "vcpus = {0}", "c.insert({0}, {1})",
    ];

    private static readonly string[] s_headers =
    [
        "if {3}:", "for i in {2}:", "for i, x in enumerate({2}):", "while a < 5:\n    a += 1", "def g(x, *y):", "try:", "for x in {1}:",
        "if {3}: a = 1\nelse:", "if {3}:\n    pass\nelif {3}:",
        "for i in range(3):\n    if {3}: continue", "for i in {2}:\n    break\nelse:", "while True:\n    break\nif 1:",
    ];

    private static readonly string[] s_odd =
    [
        "print a", "print 'x' % b,", "return", "break", "raise ValueError, 'x'", "raise", "global a", "del a", "exec 'a'", "yield a",
        "import sys", "from os import path",
        "class A: pass", "with a: pass", "a = os.popen('id')", "a = open('/etc/passwd').read()", "a = eval('1')", "a = 1 2", "a = 'open",
        "a = '''open", "a = (", "a = )", "a = 08",
        "a = 1 if 2", "a = [x for x]", "a = nothing", "a = 1 / 0", "a = '%d' % 'x'", "a = {1}[99]", "a = os.environ['PATH']",
        "while 1: pass", "a = 'a' * 10 ** 9", "a = 2 ** 10 ** 8",
        "def h(x): return h(x)\nh(1)", "a = re.search('(a+)+$', 'a' * 99 + 'b')", "a = '%*d' % (10 ** 9, 1)", "c = [c, c] * 9999",
        "while 1: c = [c, c]", "a = range(10 ** 10)",
        "while 1: b += b + 'x'", "a = '{{:>999999999}}'.format(1)", "a = 1 << 10 ** 9", "a = -{0}.x", "a = {1}.nothing()", "  a = 1",
        "\ta = 1", "raise {1}", "lambda: 0", "a = *b",
        "a = 'x'.zfill(10 ** 10)", "a = b.replace('', b * 9999)", "a = ','.join(range(9))", "a = u'\\u12'", "a = '\\N{{DASH}}'",
        "a = hex('x')", "except: pass", "else: pass", "a b c",
    ];

    protected override void WriteFile()
    {
        foreach (string piece in s_prologue)
        {
            if (!Breaks(5))
            {
                Write(piece);
            }
        }

        for (int n = Number(6); n >= 0 && !IsLong; n--)
        {
            WriteStatement(0);
        }

        if (Chance(10))
        {
            TrimEnd('\n');
        }
    }

    private void WriteStatement(int depth)
    {
        string indent = new(' ', 4 * depth);
        Write(Breaks(2) ? OneOf(["\t", " ", indent + " "]) : indent);
        if (Chance(25) && depth < DeepestBlock && !IsLong)
        {
            string header = OneOf(s_headers);
            Fill(header.Replace("\n", $"\n{indent}", StringComparison.Ordinal), 0);
            Write("\n");
            for (int n = header.Contains('{', StringComparison.Ordinal) && header.EndsWith('1') ? -1 : Number(2); n >= 0; n--)
            {
                WriteStatement(depth + 1);
            }

            if (header == "try:")
            {
                Write(indent);
                WriteOne(["except:\n", "except ValueError, e:\n", "except (TypeError, ValueError) as e:\n", "finally:\n"]);
                WriteStatement(depth + 1);
            }

            return;
        }

        Fill(OneOf(Breaks(8) ? s_odd : s_statements), 0);
        Write(Breaks(3)
            ? OneOf(["; ", " \\\n", ")\n", "\f\n", "", "\0\n", "\r", "\\"])
            : Chance(90) ? "\n" : OneOf([";\n", "\r\n", " # c\n", "\n\n", "\n# é\n"]));
    }

    // {0} is a number, {1} a text, {2} a list, {3} a condition; {{ and }} are braces.
    private void Fill(string pattern, int depth)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is '{' && i + 2 < pattern.Length && pattern[i + 2] == '}' && char.IsAsciiDigit(pattern[i + 1]))
            {
                WriteValue(pattern[i + 1] - '0', depth + 1);
                i += 2;
            }
            else
            {
                Write(pattern[i].ToString());
                i += pattern[i] is '{' or '}' && i + 1 < pattern.Length && pattern[i + 1] == pattern[i] ? 1 : 0;
            }
        }
    }

    private void WriteValue(int sort, int depth)
    {
        // Now and then a value of another sort than is wanted.
        sort = Breaks(2) ? Number(4) : sort;
        bool isAtom = depth > DeepestExpression || IsLong || Chance(50);
        string[] patterns = sort switch
        {
            0 => isAtom ? s_numberAtoms : s_numberCalls,
            1 => isAtom ? s_textAtoms : s_textCalls,
            2 => isAtom ? s_listAtoms : s_listCalls,
            _ when depth > DeepestExpression => s_numberAtoms,
            _ => s_conditions,
        };
        if (sort == 0 && !isAtom && Chance(40))
        {
            Fill($"({{0}} {OneOf(s_numberOperators)} {{0}})", depth);
            return;
        }

        Fill(OneOf(patterns), depth);
    }
}
