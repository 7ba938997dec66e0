# A default is made once.
def add(x, to=[]):
    to.append(x)
    return to
a = list(add(1))
b = list(add(2))
