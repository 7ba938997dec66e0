# in and not in.
a = 1 in [1, 2]
b = 3 not in [1, 2]
c = 'bc' in 'abcd'
d = 'a' in {'a': 1}
e = (1, 2) in [(1, 2)]
