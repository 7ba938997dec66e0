# Floats in formats.
a = '%s' % 0.5
b = '%s' % 1e16
c = repr(0.1)
d = str(1e-5)
e = str(123456789.0)
