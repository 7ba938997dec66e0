# A set comprehension.
s = {x % 3 for x in range(10)}
