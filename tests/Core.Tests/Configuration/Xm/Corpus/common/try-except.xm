# An error that is caught.
try:
    a = int('x')
except ValueError:
    a = -1
