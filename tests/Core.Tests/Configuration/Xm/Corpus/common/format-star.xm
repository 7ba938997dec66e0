# Width and precision from the values.
s = '%*d|%-*s|%.*f' % (5, 42, 4, 'x', 2, 3.14159)
