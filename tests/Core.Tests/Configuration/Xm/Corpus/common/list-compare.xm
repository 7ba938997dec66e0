# Lists compare element by element.
a = [1, 2] < [1, 3]
b = [1] < [1, 0]
c = [1, 2] == [1, 2]
d = (1, 2) != (1, 2)
