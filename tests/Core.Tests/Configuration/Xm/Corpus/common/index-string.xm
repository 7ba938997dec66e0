# Subscripts of a string.
s = 'abcdef'
a = s[0]
b = s[-1]
