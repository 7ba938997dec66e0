# A validator with a message.
def check(n):
    if not (0 < n < 255):
        raise ValueError('number %d is out of range' % n)
    return n
check(300)
