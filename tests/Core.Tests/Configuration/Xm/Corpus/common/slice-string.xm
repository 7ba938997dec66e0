# Slices of a string.
s = 'abcdef'
a = s[1:3]
b = s[:2]
c = s[3:]
d = s[-2:]
e = s[:]
f = s[10:]
g = s[2:1]
