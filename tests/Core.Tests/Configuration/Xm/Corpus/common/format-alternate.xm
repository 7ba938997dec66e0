# The flag #.
s = '%#x %#X' % (255, 255)
