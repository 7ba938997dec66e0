# Beyond the end.
a = [1, 2][2]
