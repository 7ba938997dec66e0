# %d.
vif = ['backend=%d,mac=00:16:3e:00:00:01' % (4)]
