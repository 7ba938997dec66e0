# What tuples do.
a = (1, 2, 1).count(1)
b = (1, 2).index(2)
c = len((1, 2, 3))
