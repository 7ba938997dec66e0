# Names.
s = 'backend={dom},bridge={br}'.format(dom='dd', br='xenbr0')
