# The exception's text.
try:
    raise ValueError('bad beid')
except ValueError as e:
    a = str(e)
