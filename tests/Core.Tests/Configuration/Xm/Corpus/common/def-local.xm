# A local name hides the global one.
x = 1
def f():
    x = 2
    return x
y = f()
