"""What an editor shows of the project's YAML files."""
