# Another class.
raise RuntimeError('no')
