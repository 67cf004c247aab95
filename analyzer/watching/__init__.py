"""A folder under watch: what is new, changed or gone in it reaches the store without anybody asking."""
