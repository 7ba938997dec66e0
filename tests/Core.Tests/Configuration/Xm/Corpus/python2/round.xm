# Halves go away from zero.
a = round(2.5)
b = round(-2.5)
c = round(2.675, 1)
d = round(7)
