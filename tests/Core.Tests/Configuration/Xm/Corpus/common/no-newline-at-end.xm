# The last line may lack its end.
a = 1