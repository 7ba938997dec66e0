# A name that is not there.
memory += 1
