# {} in turn.
s = '{}-{}'.format('a', 1)
