# The three constants.
a = None
b = True
c = False
d = [None, True, False]
