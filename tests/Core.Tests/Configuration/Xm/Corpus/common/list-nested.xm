# Lists in lists are shared.
row = [0, 0]
grid = [row, row]
row[0] = 1
