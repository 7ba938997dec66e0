# ord and chr.
a = ord('a')
b = chr(98)
c = ['xvd' + chr(ord('a') + _i) for _i in range(3)]
