"""Sources of metadata for tracks already found."""
