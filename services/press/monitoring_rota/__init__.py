"""The rota of a month and the patrols of a day: which sources are watched, by whom, in which hours."""
