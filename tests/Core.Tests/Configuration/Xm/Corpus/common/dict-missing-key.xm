# A key that is not there.
a = {}['x']
