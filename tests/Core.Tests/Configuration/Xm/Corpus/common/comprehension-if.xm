# With a condition.
even = [_x for _x in range(10) if _x % 2 == 0]
