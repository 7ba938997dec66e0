# Not a number.
a = int('4x')
