# A precision pads with zeros.
s = '%.3d|%6.3d|%-6.3d|%.3x' % (7, 7, 7, 10)
