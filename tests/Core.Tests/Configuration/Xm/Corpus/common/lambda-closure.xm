# A lambda keeps the variable, not its value.
n = 1
f = lambda: n
n = 2
a = f()
