# map and filter, as lists.
a = list(map(str, [1, 2]))
b = list(filter(None, [0, 1, '', 'a']))
c = list(map(lambda x: x + 1, [1, 2]))
d = list(filter(lambda x: x > 1, (1, 2, 3)))
