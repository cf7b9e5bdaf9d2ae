"""新闻发布与舆情 press: how public opinion is watched, assessed, handled and answered in hours (国办发〔2016〕61号; the bureau's rules YQ); who speaks
for the agency and when: topics, releases and press conferences (XW).
"""
