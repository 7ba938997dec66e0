# One of several.
try:
    a = {}['k']
except (IndexError, KeyError):
    a = 'caught'
