# int grows into long.
a = 9223372036854775807 + 1
b = int('9223372036854775808')
c = long('5')
