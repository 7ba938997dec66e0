# join.
a = ','.join(['a', 'b', 'c'])
b = ''.join('xyz')
c = '-'.join([])
d = ' '.join(str(_x) for _x in range(3))
