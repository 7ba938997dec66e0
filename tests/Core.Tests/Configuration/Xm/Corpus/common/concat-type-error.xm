# + does not convert.
name = 'vm' + 4
