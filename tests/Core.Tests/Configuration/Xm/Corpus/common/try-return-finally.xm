# finally runs before a function is left.
log = []
def f():
    try:
        return 1
    finally:
        log.append('f')
a = f()
