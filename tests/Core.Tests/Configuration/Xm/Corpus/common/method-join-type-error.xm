# join takes strings only.
a = ','.join([1, 2])
