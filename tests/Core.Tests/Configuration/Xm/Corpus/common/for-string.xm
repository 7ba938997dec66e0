# The characters of a string.
out = []
for c in 'abc':
    out.append(c.upper())
