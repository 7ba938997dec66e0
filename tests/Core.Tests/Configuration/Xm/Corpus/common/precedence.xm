# What binds how tightly.
a = 1 + 2 * 3 - 4
b = (1 + 2) * 3
c = 2 ** 3 ** 2
d = not 1 == 2
e = 1 | 2 & 3 ^ 4
f = 1 << 2 + 1
g = -3 % 5
h = 2 * 3 % 4
