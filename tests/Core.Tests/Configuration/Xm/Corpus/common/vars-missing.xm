# The variable was not given.
def vmid_check(var, val):
    if val is None:
        raise ValueError('vmid is missing')
    return int(val)
xm_vars.var('vmid', check=vmid_check)
xm_vars.check()
