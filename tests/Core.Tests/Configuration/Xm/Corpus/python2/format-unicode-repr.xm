# %r of unicode and long.
s = '%r %r %s' % (u'x', 5L, 5L)
