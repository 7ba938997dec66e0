# Doubled braces.
s = '{{{0}}}'.format(1)
