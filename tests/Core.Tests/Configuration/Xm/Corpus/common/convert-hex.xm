# hex().
a = hex(255)
b = hex(-16)
c = bin(5)
