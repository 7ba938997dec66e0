# Tuple targets.
out = ['%s=%s' % (_k, _v) for _k, _v in [('a', 1), ('b', 2)]]
