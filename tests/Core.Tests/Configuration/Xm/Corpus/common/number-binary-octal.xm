# 0b and 0o.
a = 0b1011
b = 0o17
