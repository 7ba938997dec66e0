# int() refuses a word.
# variables: beid=x
def beid_check(var, val):
    val = int(val)
    return val
xm_vars.var('beid', use="Backend domain id.", check=beid_check)
xm_vars.check()
