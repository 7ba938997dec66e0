# assert that holds.
memory = 128
assert memory > 64
