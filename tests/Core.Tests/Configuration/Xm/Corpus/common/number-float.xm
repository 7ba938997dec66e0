# Floats in all spellings.
a = 1.5
b = .5
c = 2.
d = 1e3
e = 2.5e-3
f = 1E+2
