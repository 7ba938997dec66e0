# A tuple of one.
a = (1,)
b = 1,
c = ()
d = (1)
