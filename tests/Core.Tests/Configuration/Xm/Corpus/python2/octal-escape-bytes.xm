# Escapes are bytes.
s = '\303\251\xff\400'
