# Division by zero.
a = 1 // 0
