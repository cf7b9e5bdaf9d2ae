"""新闻发布与舆情 press: will decide who speaks for the agency and when: topics, releases and press conferences, and how public opinion is watched,
assessed and answered (国办发〔2016〕61号; the bureau's rules XW and YQ).
"""
