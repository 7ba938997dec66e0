# The usual default for a variable of the command line.
try:
    vmid
except NameError:
    vmid = '7'
name = 'vm' + vmid
