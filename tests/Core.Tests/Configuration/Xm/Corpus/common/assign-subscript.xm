# An element of a list.
vif = ['', '']
vif[1] = 'bridge=xenbr1'
