namespace XenDriverDomain.Hide;

/// <summary>The rules of pciback's <c>hide=</c> that an element can break (drivers/xen/xen-pciback/pci_stub.c, pcistub_init).</summary>
internal enum HideRule
{
    /// <summary>Each element stands in its own parentheses.</summary>
    Parentheses,

    /// <summary>Elements follow each other with blanks or nothing between them, never commas.</summary>
    NoCommas,

    /// <summary>An element is <c>[DDDD:]BB:DD.F</c>: one or two colons, and a dot before the function.</summary>
    Form,

    /// <summary>The parts are hexadecimal numbers.</summary>
    Hexadecimal,

    /// <summary>Stars stand for the function (<c>BB:DD.*</c>), or for device and function (<c>BB:*.*</c>), and for nothing else.</summary>
    Wildcard,

    /// <summary>No blank before a colon, a dot or the closing parenthesis.</summary>
    Blank,

    /// <summary>A domain is at most ffff, a bus at most ff, a device at most 1f, a function at most 7.</summary>
    Range,
}
