"""Commands behind the options of main.py."""
