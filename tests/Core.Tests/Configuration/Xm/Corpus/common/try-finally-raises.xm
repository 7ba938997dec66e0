# finally runs, the error goes on.
a = 1
try:
    raise KeyError('x')
finally:
    a = 2
