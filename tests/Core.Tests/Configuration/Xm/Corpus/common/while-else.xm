# while with else and break.
i = 0
while i < 5:
    i += 1
    if i == 3:
        break
else:
    a = 'no'
while i < 5:
    i += 1
else:
    b = 'yes'
