# None is no int.
a = int(None)
