# %r.
s = '%r %r %r' % ('a', 1, [None, True])
