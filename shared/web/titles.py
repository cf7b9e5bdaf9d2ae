"""What the services are called on pages."""

TITLES = {
    "requests": "依申请公开", "review": "保密审查", "publishing": "主动公开", "press": "新闻与舆情", "audit": "监督", "access": "人员与权限",
    "law": "日历与规则", "platform": "平台运维",
}  # fmt: skip
"""How people call each service."""
