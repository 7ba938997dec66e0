# replace.
a = 'a.b.c'.replace('.', ':')
b = 'a.b.c'.replace('.', '', 1)
c = 'ab'.replace('', '-')
d = 'aaa'.replace('aa', 'b')
