# The words of a NameError.
vif = ['bridge=%s' % bridge]
