"""styrsignal: finds the steering signals in steering documents and the pairs of them that conflict."""
