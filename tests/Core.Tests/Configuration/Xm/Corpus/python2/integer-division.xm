# / of whole numbers rounds down.
a = 7 / 2
b = -7 / 2
c = 7 / 2.0
