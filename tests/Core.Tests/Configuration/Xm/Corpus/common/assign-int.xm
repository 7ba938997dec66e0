# A plain number.
memory = 64
