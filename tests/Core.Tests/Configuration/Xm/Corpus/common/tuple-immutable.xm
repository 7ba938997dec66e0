# A tuple does not change.
a = (1, 2)
a[0] = 3
