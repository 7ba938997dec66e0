# rsplit.
a = 'a,b,c'.rsplit(',', 1)
b = ' a b c '.rsplit(None, 1)
c = 'abc'.rsplit('x')
d = 'a--b--c'.rsplit('--')
