# The words of a wrong call.
def f(a, b):
    return a
f(1)
