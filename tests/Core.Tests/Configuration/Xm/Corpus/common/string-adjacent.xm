# Adjacent literals join.
extra = 'a' "b" '''c'''
