# The container is evaluated once.
n = [1, 2, 3]
n[1] += 10
d = {'a': 1}
d['a'] *= 7
