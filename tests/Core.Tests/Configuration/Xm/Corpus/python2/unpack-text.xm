# The words of failed unpacking.
a, b = [1]
