# The words of a failed check.
# variables: beid=0
def beid_check(var, val):
    val = int(val)
    if val <= 0:
        raise ValueError, "must be greater than 0"
    return val
xm_vars.var('beid', use='Back end', check=beid_check)
xm_vars.check()
