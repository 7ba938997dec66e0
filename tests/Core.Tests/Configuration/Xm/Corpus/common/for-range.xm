# range in its forms.
a = []
for i in range(3):
    a.append(i)
for i in range(5, 7):
    a.append(i)
for i in range(10, 0, -4):
    a.append(i)
