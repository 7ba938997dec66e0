# hex and oct of Python 2.
a = oct(8)
b = hex(255L)
c = oct(0)
