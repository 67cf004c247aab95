"""The example corpus: steering documents written for this project, and the tool that renders them."""
