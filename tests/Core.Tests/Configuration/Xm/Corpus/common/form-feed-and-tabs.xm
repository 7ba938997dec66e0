# Tabs as indentation.
if 1:
	a = 1
	if a:
		b = 2
c = 3
