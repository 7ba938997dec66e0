# Escapes.
s = 'a\tb\nc\\d\'e\"f\x41\101\0'
