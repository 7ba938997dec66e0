# A name that is no parameter.
def f(a):
    return a
x = f(b=1)
