# Too many values.
s = '%d' % (1, 2)
