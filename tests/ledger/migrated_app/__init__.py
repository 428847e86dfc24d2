"""An app of two tables with a past: its migrations do to recorded tables what migrations do."""
