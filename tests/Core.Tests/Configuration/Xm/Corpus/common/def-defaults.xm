# Defaults and names.
def vif_of(mac, bridge='xenbr0', backend=None):
    s = 'mac=%s,bridge=%s' % (mac, bridge)
    if backend:
        s += ',backend=%s' % backend
    return s
vif = [vif_of('m1'), vif_of('m2', 'b'), vif_of('m3', backend='dd'), vif_of(bridge='z', mac='m4')]
