# Keys in a known order.
d = {'b': 2, 'a': 1, 'c': 3}
ks = sorted(d.keys())
vs = sorted(d.values())
its = sorted(d.items())
