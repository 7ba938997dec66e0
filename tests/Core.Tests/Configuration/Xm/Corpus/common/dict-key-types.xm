# 1, 1.0 and True are one key.
d = {1: 'a'}
d[1.0] = 'b'
d[True] = 'c'
n = len(d)
