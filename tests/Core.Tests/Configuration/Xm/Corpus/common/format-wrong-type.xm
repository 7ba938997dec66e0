# A string for %d.
s = '%d' % 'x'
