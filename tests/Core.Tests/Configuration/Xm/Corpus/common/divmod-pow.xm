# divmod, pow, round.
a = divmod(7, 3)
b = divmod(-7, 3)
c = pow(2, 10)
d = 2 ** 0.5 > 1.41
e = 2 ** -1
