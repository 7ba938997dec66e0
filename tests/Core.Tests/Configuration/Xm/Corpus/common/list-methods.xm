# What lists do.
n = [3, 1]
n.append(2)
n.extend([5, 4])
n.insert(0, 9)
n.insert(-1, 8)
n.remove(5)
a = n.index(2)
b = n.count(1)
c = n.pop()
d = n.pop(0)
n.reverse()
