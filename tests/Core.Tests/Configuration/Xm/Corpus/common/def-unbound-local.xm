# Read before it is assigned.
x = 1
def f():
    y = x
    x = 2
    return y
z = f()
