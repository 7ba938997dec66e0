# Tuple targets in a loop.
vif = []
for mac, bridge in [('m1', 'b1'), ('m2', 'b2')]:
    vif.append('mac=%s,bridge=%s' % (mac, bridge))
