# One value for several names.
on_reboot = on_crash = 'restart'
