# What is not there cannot be removed.
n = [1]
n.remove(2)
