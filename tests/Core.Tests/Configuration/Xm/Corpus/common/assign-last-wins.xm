# The last assignment counts.
memory = 64
memory = 128
