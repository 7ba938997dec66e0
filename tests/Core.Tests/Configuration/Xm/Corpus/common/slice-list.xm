# Slices of lists and tuples.
n = [1, 2, 3, 4, 5]
a = n[1:4]
b = n[::-2]
c = (1, 2, 3)[1:]
