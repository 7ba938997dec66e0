# A dict comprehension.
d = {k: len(k) for k in ['a', 'bb']}
