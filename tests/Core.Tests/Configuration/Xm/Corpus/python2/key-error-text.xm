# The words of a KeyError.
a = {}['beid']
