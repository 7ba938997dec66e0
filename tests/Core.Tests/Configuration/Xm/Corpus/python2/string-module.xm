# The functions of the module string.
import string
a = string.split('a b c')
b = string.join(['x', 'y'], ':')
c = string.upper('a')
d = string.replace('aba', 'a', 'c')
e = string.atoi('12') + 1
f = string.strip(' x ')
g = string.lowercase
h = string.join(['p', 'q'])
