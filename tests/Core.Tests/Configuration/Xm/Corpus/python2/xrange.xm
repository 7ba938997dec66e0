# xrange and iter… methods.
a = [x for x in xrange(2, 8, 3)]
b = [k for k in {'a': 1}.iterkeys()]
c = [v for k, v in {'a': 1}.iteritems()]
