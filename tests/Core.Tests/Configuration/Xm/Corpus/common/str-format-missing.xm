# A position that is not there.
s = '{1}'.format('a')
