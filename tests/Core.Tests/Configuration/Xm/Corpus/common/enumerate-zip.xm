# enumerate, zip, reversed.
a = list(enumerate(['x', 'y']))
b = list(zip([1, 2, 3], 'ab'))
c = list(reversed([1, 2, 3]))
