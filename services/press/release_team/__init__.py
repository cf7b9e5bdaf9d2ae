"""新闻发布工作组织: who leads, who speaks, who does the office work, and which unit answers (XW-03, XW-04, XW-08; YQ-03.5a)."""
