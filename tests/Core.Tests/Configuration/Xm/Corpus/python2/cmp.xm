# cmp, and sort by it.
a = cmp(1, 2)
b = sorted([1, 3, 2], lambda x, y: cmp(y, x))
c = [3, 1, 2]
c.sort(lambda x, y: x - y)
