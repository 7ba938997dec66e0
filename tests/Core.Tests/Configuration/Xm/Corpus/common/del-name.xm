# del takes a variable away.
tmp = 1
memory = tmp + 63
del tmp
