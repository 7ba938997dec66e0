# partition and rpartition.
a = 'a=b=c'.partition('=')
b = 'a=b=c'.rpartition('=')
c = 'abc'.partition('=')
d = 'abc'.rpartition('=')
