namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>The tokens of xl.cfg (tools/libs/util/libxlu_cfg_l.l).</summary>
internal enum XlTokenKind
{
    Identifier,
    Number,
    Text,
    Assign,
    Append,
    Comma,
    Open,
    Close,
    Semicolon,
    NewLine,
    End,
}
