# An unknown escape keeps its backslash.
s = 'C:\path\d'
