# for over a bare tuple in a comprehension.
a = [x for x in 1, 2, 3]
