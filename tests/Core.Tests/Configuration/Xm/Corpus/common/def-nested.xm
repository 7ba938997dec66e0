# A function in another sees its variables.
def outer(x):
    def inner(y):
        return x + y
    return inner(10)
a = outer(5)
