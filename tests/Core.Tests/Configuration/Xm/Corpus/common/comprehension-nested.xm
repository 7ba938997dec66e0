# Two loops.
pairs = [(_x, _y) for _x in range(2) for _y in 'ab']
