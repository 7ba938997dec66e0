# A kernel line from parts.
parts = ['root=/dev/xvda1', 'ro']
console = 'hvc0'
if console:
    parts.append('console=' + console)
extra = ' '.join(parts)
