"""A package, so that its conftest.py is a module of its own."""
