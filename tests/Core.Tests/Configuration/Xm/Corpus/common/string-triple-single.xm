# The other triple quotes.
s = '''x"""y'''
