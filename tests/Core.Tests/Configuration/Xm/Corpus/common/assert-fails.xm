# assert that does not.
memory = 32
assert memory > 64, 'too little memory'
