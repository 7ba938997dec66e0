# Too few values.
s = '%d %d' % 1
