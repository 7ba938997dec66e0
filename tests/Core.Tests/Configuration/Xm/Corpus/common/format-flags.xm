# Flags of integers.
s = '[%5d|%-5d|%05d|%+d|% d|%5s|%-5s|%.2s]' % (42, 42, 42, 42, 42, 'ab', 'ab', 'abc')
