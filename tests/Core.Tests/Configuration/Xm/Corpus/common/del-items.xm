# del of elements, entries, slices.
n = [1, 2, 3, 4, 5]
del n[0]
del n[-2:]
d = {'a': 1, 'b': 2}
del d['a']
