# With Python 2's words.
a = 1 / 0
