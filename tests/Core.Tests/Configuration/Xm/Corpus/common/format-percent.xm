# A percent sign.
s = '100%% %d%%' % 5
