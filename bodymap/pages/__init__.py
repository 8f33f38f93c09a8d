"""Pages that people read in a browser. Each is a value, and a template that shows it; nothing here knows of HTTP."""
