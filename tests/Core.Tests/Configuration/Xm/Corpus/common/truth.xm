# What is true.
a = [bool(_x) for _x in [0, 1, '', 'a', [], [0], {}, None, 0.0, (), (0,)]]
