# An own error.
memory = 64
raise ValueError('memory must be more than 64')
