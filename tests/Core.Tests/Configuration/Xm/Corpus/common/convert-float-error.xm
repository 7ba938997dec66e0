# Not a number.
a = float('x')
