# int() of octal text with base 0.
a = int('0755', 0)
b = int('0755', 8)
c = int('0755')
