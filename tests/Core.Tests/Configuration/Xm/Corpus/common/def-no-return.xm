# None comes back.
def f():
    pass
a = f()
