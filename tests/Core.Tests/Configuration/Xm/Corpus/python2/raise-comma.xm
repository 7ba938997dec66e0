# raise X, text.
raise ValueError, "Must specify vmid"
