# The words of int().
a = int('4x')
