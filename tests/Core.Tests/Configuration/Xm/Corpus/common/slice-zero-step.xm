# A step of zero.
a = [1, 2][::0]
