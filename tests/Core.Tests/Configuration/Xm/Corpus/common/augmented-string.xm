# += on a string.
extra = 'console=hvc0'
extra += ' quiet'
