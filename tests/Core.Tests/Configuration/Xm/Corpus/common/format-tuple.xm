# Several values.
s = '%s-%d-%s' % ('a', 3, [1, 'b'])
