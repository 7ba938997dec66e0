# zfill, ljust, rjust, center.
a = '7'.zfill(3)
b = '-7'.zfill(4)
c = 'x'.ljust(3) + '|'
d = 'x'.rjust(3, '.')
e = 'ab'.center(7, '*')
f = 'abc'.center(6, '*')
