# str() of things.
a = str(1)
b = str(1.5)
c = str([1, 'a', None, (2,)])
d = str({'k': 1})
e = str(True)
f = str('x')
g = str(100.0)
h = str(-0.5)
