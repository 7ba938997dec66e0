# is None.
a = None
b = a is None
c = a is not None
