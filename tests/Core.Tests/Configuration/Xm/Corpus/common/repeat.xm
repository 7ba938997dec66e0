# * on strings and lists.
a = 'ab' * 3
b = [0] * 3
c = 2 * (1, 2)
d = 'x' * -1
