# A conditional expression.
a = 'yes' if 3 > 2 else 'no'
b = 'x' if '' else 'y' if 0 else 'z'
