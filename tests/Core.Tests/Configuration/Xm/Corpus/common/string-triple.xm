# Triple quotes keep line ends.
extra = """a
b 'c' "d"
e"""
