# A remark's indentation counts for nothing.
if True:
    a = 1
  # here
    b = 2
# there
    c = 3
