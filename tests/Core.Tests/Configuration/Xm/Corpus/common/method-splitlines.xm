# splitlines.
a = 'x\ny\r\nz'.splitlines()
b = 'x\n\ny\n'.splitlines(True)
