# Old octal numbers.
mode = 0755
a = 010 + 1
