# *args and **keywords.
def f(a, *rest, **named):
    return [a, rest, sorted(named.items())]
x = f(1, 2, 3, k='v')
y = f(*[7, 8])
z = f(1, **{'q': 2})
