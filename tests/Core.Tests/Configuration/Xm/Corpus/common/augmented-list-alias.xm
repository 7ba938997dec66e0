# += changes a list in place, so its alias sees it.
disk = ['a']
same = disk
disk += ['b']
