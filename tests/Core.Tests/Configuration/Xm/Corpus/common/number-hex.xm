# Hexadecimal, both cases.
a = 0x1f
b = 0XFF
