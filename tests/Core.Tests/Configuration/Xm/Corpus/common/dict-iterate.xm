# A dict with one entry has but one order.
out = []
for k in {'only': 1}:
    out.append(k)
