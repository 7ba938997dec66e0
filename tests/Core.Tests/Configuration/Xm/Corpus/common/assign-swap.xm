# Both sides are evaluated before anything is assigned.
a = 1
b = 2
a, b = b, a
