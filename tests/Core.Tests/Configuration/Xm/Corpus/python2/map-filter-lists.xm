# map, filter, zip, range give lists.
a = map(str, [1, 2])
b = filter(lambda c: c != 'b', 'abc')
c = zip([1, 2], 'ab')
d = range(3) + [9]
e = map(None, [1, 2], [3])
f = reduce(lambda x, y: x + y, [1, 2, 3])
g = filter(None, (0, 1))
