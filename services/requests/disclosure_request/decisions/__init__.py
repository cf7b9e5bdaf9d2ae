"""The decisions about a disclosure request, by topic: from its state and what is asked to events, or a refusal that says which article and
what would help. Each reads like the article that it carries out. The guards that say when a step is open at all stand in `guards`."""
