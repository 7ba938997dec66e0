# A generator as an argument.
a = sum(x * x for x in range(5))
b = list(x for x in 'abc' if x != 'b')
c = any(x > 3 for x in [1, 5])
d = all(x > 3 for x in [1, 5])
