# Dicts of dicts.
guests = {'web': {'memory': 512, 'mac': '00:16:3e:00:00:01'}}
memory = guests['web']['memory']
vif = ['mac=%s' % guests['web']['mac']]
