# min, max, sum, abs.
a = max([3, 1, 2])
b = min(3, 1, 2)
c = sum([1, 2, 3])
d = sum([1, 2], 10)
e = abs(-3)
f = max(['a', 'ccc', 'bb'], key=len)
g = min('hello')
