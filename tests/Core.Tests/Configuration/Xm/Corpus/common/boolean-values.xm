# and, or and not give operands back.
a = '' or 'default'
b = 'x' and 'y'
c = not 'x'
d = 0 and 1 / 0
e = None or 0 or []
