# else runs without break.
for i in [1, 2]:
    pass
else:
    a = 'done'
for i in [1, 2]:
    break
else:
    b = 'never'
