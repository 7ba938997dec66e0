# %d of a Boolean, %s of None.
s = '%d %s %s' % (True, None, True)
