# A sign is an operator.
a = -1
b = +3
c = ~5
d = --2
e = -2 ** 2
