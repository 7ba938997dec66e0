# A comprehension in another.
m = [[_r * _c for _c in range(3)] for _r in range(2)]
