"""Reading a school's catalogue from a file. Knows no HTTP and writes nothing; see `services.catalogue`."""
