# The variable of a list comprehension stays.
a = [i for i in range(3)]
