# Sets.
s = set([1, 2, 2, 3])
n = len(s)
a = 2 in s
u = s | set([9])
i = s & set([2, 3, 4])
m = s - set([1])
x = s ^ set([3, 4])
s.add(7)
