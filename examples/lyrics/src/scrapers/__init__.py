"""Sources of tracks."""
