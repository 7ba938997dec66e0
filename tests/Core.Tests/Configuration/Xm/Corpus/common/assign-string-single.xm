# Single quotes.
name = 'guest1'
