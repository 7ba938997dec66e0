# A block on the line.
if 1: a = 1; b = 2
else: a = 3
