# + on strings.
name = 'vm' + str(4)
