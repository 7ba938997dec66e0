# The file writes to sys.stderr.
import sys
sys.stderr.write('hello\n')
memory = 64
