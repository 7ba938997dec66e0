# Leaking loop variables of a comprehension.
pci = ['%02x:%02x.%x' % (1, s, f) for s in (7, 8) for f in (0, 1)]
pci.sort()
del s
del f
