# / of floats.
a = 7.0 / 2
b = 1 / 4.0
