"""Pages: layout, components, forms made from commands, static files."""
