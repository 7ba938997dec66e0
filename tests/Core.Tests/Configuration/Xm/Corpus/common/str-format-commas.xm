# Thousands.
s = '{0:,}'.format(1234567)
