# long is another type.
a = 5L
b = 1 << 70
c = 2 ** 62 * 4
d = 0xFFL
e = str(5L)
f = repr(5L)
g = 5L * 2
