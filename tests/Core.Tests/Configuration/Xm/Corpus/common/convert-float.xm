# float().
a = float('1.5')
b = float(' 2e3 ')
c = float(3)
d = float('-.5')
