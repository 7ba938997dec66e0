# A list that grows while it is gone through.
n = [1, 2, 3]
for x in n:
    if len(n) < 6:
        n.append(x * 10)
