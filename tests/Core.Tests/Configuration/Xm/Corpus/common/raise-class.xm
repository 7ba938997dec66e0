# A class without arguments.
raise ValueError
