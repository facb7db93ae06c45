"""离线核验: tests of verify.py, the one file that checks a package without the registry."""
