# That of a generator does not.
a = list(q for q in range(3))
