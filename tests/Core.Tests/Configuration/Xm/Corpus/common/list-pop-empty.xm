# Nothing to pop.
n = []
n.pop()
