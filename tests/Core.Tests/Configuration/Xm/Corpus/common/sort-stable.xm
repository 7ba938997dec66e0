# Equal elements keep their order, backwards too.
a = sorted(['bb', 'a', 'cc', 'd'], key=len)
b = sorted(['bb', 'a', 'cc', 'd'], key=len, reverse=True)
