# All four blocks.
log = []
try:
    log.append('try')
except ValueError:
    log.append('except')
else:
    log.append('else')
finally:
    log.append('finally')
