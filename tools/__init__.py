"""What the people who build the house use: the table of rules, the contracts, the golden examples. Not part of the product."""
