# %x and %X with widths.
mac = '00:16:3E:%02X:%02x:%04x' % (10, 171, 255)
