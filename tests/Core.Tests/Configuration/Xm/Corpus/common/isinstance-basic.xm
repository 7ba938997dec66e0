# isinstance.
a = isinstance(1, int)
b = isinstance('x', str)
c = isinstance([], (list, tuple))
d = isinstance({}, list)
e = isinstance(True, int)
