# A method that str does not have.
a = 'abc'.nosuch()
