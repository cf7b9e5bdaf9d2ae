"""Special reports, early warnings and bulletins on public opinion."""
