# raise without anything.
try:
    try:
        int('x')
    except ValueError:
        raise
except ValueError:
    a = 'again'
