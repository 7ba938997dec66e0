# -*- coding: utf-8 -*-
# A str is bytes.
s = 'é'
n = len(s)
u = len(u'é')
first = s[0] == '\xc3'
