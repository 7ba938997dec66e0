# A base class catches.
try:
    a = [][1]
except LookupError:
    a = 'lookup'
