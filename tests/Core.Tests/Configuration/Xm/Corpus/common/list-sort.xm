# sort with key and reverse.
a = ['b', 'C', 'a']
a.sort()
b = ['b', 'C', 'a']
b.sort(key=lambda s: s.lower())
c = [1, 3, 2]
c.sort(reverse=True)
d = [(1, 'b'), (0, 'c'), (1, 'a')]
d.sort()
