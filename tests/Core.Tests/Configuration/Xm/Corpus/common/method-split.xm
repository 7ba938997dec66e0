# split in all forms.
a = 'a b  c'.split()
b = 'a,b,,c'.split(',')
c = 'a,b,c'.split(',', 1)
d = '  a  b  '.split(None, 1)
e = ''.split()
f = ''.split(',')
