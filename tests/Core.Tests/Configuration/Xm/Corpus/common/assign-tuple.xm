# Tuple targets.
memory, vcpus = 256, 2
