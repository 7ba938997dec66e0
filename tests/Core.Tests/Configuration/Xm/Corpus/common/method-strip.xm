# strip and its like.
a = '  x \t\n'.strip()
b = 'xxaxx'.strip('x')
c = 'xya'.lstrip('yx')
d = 'a//'.rstrip('/')
