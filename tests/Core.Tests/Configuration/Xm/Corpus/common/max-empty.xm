# Nothing to choose from.
a = max([])
