# A backslash at the end of a line within a string.
s = 'abc\
def'
