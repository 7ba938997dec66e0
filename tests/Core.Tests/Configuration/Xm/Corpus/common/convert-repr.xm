# repr() of things.
a = repr('it\'s')
b = repr("a\"b'c\n")
c = repr((1,))
d = repr([])
e = repr(1.0)
f = repr('\t\\')
