# Values of different types have an order.
a = None < 0
b = 1 < 'a'
c = [] < 'a'
d = 'a' < ()
e = sorted([3, 'b', None, 1.5, 'a', [1]])
