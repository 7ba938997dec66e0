# repr.
name = 'vm' + `4`
s = `'x'`
