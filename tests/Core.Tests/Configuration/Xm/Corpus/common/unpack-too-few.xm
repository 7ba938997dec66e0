# Too few values.
a, b = [1]
