# except X, e.
try:
    raise ValueError, 'old'
except ValueError, e:
    a = str(e)
