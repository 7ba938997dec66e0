# What dicts do.
d = {'a': 1}
a = d.get('a')
b = d.get('b')
c = d.get('b', 7)
e = d.setdefault('c', 3)
d.update({'x': 9})
f = d.pop('a')
g = d.pop('zz', None)
h = len(d)
i = 'x' in d
j = d.copy()
