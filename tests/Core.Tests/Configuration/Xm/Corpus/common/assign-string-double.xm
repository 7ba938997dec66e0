# Double quotes.
name = "guest1"
