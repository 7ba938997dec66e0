# An error of another class goes through.
try:
    a = int('x')
except KeyError:
    a = 1
