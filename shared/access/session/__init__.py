"""登录: from signing in to signing out, or to its end by time."""
