# str has twelve digits, repr has what it takes.
a = str(0.1 + 0.2)
b = repr(0.1 + 0.2)
c = str(1.0 / 3)
d = '%s' % 1e11
e = str(1e12)
f = repr(1e16)
g = str(123456789012.5)
