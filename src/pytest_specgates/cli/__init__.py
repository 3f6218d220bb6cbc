"""The `specgates` command."""
