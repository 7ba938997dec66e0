# A list is no key.
d = {[1]: 2}
