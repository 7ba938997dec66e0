# A comma at the end.
print 'x',
memory = 64
