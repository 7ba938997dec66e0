# The words of a TypeError.
name = 'vm' + 4
