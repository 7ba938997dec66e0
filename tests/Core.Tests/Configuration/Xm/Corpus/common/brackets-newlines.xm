# Lines do not end within brackets.
disk = [
    'phy:a,xvda,w',

    # a remark
    'phy:b,xvdb,w',
]
