# index raises.
a = 'abc'.index('x')
