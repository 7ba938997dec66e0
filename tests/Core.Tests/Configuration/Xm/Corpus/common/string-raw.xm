# A raw string.
s = r'\d+\.\n'
