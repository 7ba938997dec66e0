# lambda.
f = lambda x, y=2: x * y
a = f(3)
b = f(3, 4)
c = (lambda: 'x')()
