# A backslash at the end of a line outside one.
a = 1 + \
    2
