# A name that nobody defined.
memory = Memory
