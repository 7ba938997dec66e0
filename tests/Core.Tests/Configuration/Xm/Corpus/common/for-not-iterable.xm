# A number cannot be gone through.
for i in 5:
    pass
