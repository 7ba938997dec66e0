# find, rfind, index, count.
s = 'abcabc'
a = s.find('c')
b = s.rfind('c')
c = s.find('x')
d = s.index('b', 2)
e = s.count('bc')
f = s.find('a', 1)
g = s.count('')
h = s.find('', 3)
