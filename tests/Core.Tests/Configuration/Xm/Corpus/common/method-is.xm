# The is… methods.
a = '123'.isdigit()
b = 'a1'.isalnum()
c = ''.isdigit()
d = 'abc'.isalpha()
e = ' \t'.isspace()
f = 'ABC1'.isupper()
g = 'abc'.islower()
