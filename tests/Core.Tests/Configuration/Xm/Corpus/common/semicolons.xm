# Several statements on a line.
a = 1; b = 2; c = a + b
