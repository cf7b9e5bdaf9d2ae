"""新闻发布: from a topic over its reviews, draft, clearance, approval and authorisation to the event and the statement (XW-05 to XW-07)."""
