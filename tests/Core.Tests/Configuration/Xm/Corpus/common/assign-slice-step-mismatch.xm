# Another length is refused.
n = [0, 1, 2, 3]
n[::2] = [1]
