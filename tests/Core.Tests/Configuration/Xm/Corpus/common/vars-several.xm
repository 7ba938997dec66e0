# Several variables.
# variables: n=3 bridge=xenbr1
vif = ['bridge=%s' % bridge] * int(n)
