# Prefixes of both languages.
a = u'abc'
b = b'' == b''
c = R"\x"
