# The file's own check refuses 0.
# variables: beid=0
def beid_check(var, val):
    val = int(val)
    if val <= 0:
        raise ValueError('beid must be positive')
    return val
xm_vars.var('beid', use="Backend domain id.", check=beid_check)
xm_vars.check()
