# Steps, backwards too.
s = 'abcdef'
a = s[::2]
b = s[::-1]
c = s[4:1:-1]
d = s[-1:-4:-2]
e = s[10:0:-3]
f = s[1::3]
