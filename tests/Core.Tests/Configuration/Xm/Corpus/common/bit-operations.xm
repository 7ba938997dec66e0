# Bits.
a = 0xF0 & 0x3C
b = 0xF0 | 0x0F
c = 6 ^ 3
d = 1 << 20
e = -5 >> 1
f = True & False
