# An entry of a dict.
opts = {}
opts['bridge'] = 'xenbr0'
opts['mac'] = '00:16:3e:00:00:01'
