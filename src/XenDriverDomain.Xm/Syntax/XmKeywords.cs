namespace XenDriverDomain.Xm.Syntax;

/// <summary>The reserved words of Python 2.7.</summary>
internal static class XmKeywords
{
    public static bool IsKeyword(string word) => word is
        "and" or "as" or "assert" or "break" or "class" or "continue" or "def" or "del" or "elif" or "else" or "except" or "exec"
        or "finally" or "for" or "from" or "global" or "if" or "import" or "in" or "is" or "lambda" or "not" or "or" or "pass" or "print"
        or "raise" or "return" or "try" or "while" or "with" or "yield";
}
