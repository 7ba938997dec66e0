# A slice takes the place of another.
disk = ['a', 'b', 'c', 'd']
disk[1:3] = ['x']
