"""One thing that one outside channel is told: tried until it is known to have arrived, and put to a person where that can't be known."""
