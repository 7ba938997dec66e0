# expandtabs.
a = 'a\tb\t\tc'.expandtabs(4)
