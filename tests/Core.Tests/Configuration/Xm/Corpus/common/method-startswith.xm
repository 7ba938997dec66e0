# startswith and endswith, tuples and bounds.
a = 'phy:vg/x'.startswith('phy:')
b = 'x.img'.endswith(('.raw', '.img'))
c = 'abc'.startswith('b', 1)
d = 'abc'.endswith('b', 0, 2)
e = 'abc'.startswith('')
