# An extended slice keeps its length.
n = [0, 1, 2, 3, 4]
n[::2] = ['a', 'b', 'c']
