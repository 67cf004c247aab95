"""Tests of finding signals and reading their frames."""
