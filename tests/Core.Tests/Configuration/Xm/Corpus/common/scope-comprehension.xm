# A generator sees the file's variables.
n = 3
a = list(x + n for x in range(2))
