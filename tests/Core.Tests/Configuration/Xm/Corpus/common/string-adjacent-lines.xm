# Adjacent literals in brackets, over lines.
extra = ('root=/dev/sda1 '
         'ro '  # a remark between
         'quiet')
