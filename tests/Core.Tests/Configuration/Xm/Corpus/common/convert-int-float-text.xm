# A float's text is no int.
a = int('3.5')
